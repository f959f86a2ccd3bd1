import type { RangeVar } from "libpg-query";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";

/** Names by which a statement's relations go, wherever it gives or uses them. */
export interface NameUses {
  /** Whether `schema.relation.column` can mean a column of no relation but those that are called so without an alias. */
  readonly isOneRelation: (relation: string) => boolean;
}

/** Objects within each other: an operator's operand is two deeper. Walks through the planner's tree nest as deep. */
const deepest = 2000;

/** Looks at a whole tree once. 54000 for one that is nested too deeply for those that follow. */
export function readNameUses(tree: unknown): NameUses {
  const given = new Set<string>();
  const schemas = new Map<string, Set<string>>();
  const pending: (readonly [value: object, depth: number])[] = [];
  const visit = (value: unknown, depth: number): void => {
    if (typeof value !== "object" || value === null) return;
    if (depth > deepest) throw tooDeep();
    pending.push([value, depth]);
  };
  visit(tree, 0);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [value, depth] = next;
    noteNames(value, given, schemas);
    for (const part of Object.values(value)) visit(part, depth + 1);
  }
  return { isOneRelation: (relation) => !given.has(relation) && (schemas.get(relation)?.size ?? 0) <= 1 };
}

function noteNames(value: object, given: Set<string>, schemas: Map<string, Set<string>>): void {
  if ("aliasname" in value && typeof value.aliasname === "string") given.add(value.aliasname);
  if ("ctename" in value && typeof value.ctename === "string") given.add(value.ctename);
  if (!isRelation(value) || value.alias !== undefined) return;
  const name = value.relname ?? "";
  const known = schemas.get(name) ?? new Set();
  schemas.set(name, known.add(value.schemaname ?? ""));
}

const isRelation = (value: object): value is RangeVar => "relname" in value && "relpersistence" in value;

function tooDeep(): StripeSqlError {
  return new StripeSqlError("text is nested too deeply", {
    sqlState: SqlState.programLimitExceeded,
    phase: "syntax",
    hint: "Compare with many values by IN (…), and part a long expression.",
  });
}
