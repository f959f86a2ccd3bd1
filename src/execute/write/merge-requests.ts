import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { buildRequest } from "../../plan/write/build-request.js";
import type { ConflictColumns, MergeRequests, PlannedClause, WriteRequest } from "../../plan/write/write-plan.js";
import { jsonText } from "./json-text.js";

/** What is to be sent of a MERGE's rows, and what is not. */
export interface MergedRows {
  readonly requests: readonly WriteRequest[];
  /** How many rows each kind of clause has, in the order of the words below. */
  readonly counts: ReadonlyMap<PlannedClause["kind"], number>;
}

type Row = readonly unknown[];

/**
 * The requests of a MERGE's rows, each as the clause says that it fits. Nothing may be written twice by one statement:
 * which of the rows were the last would be left to chance.
 */
export function mergeRequests(rows: readonly Row[], source: MergeRequests): MergedRows {
  if (source.conflict !== undefined) requireOneMatch(rows, source);
  const requests: WriteRequest[] = [];
  const counts = new Map<PlannedClause["kind"], number>();
  const written = new Set<string>();
  for (const row of rows) {
    const clause = row[0] === null || row[0] === undefined ? undefined : source.clauses[Number(row[0])];
    const kind = clause?.kind ?? "nothing";
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    if (clause === undefined || clause.kind === "nothing") continue;
    const request = buildRequest(clause.template, valuesOf(row, clause, source));
    if (request.id !== undefined) requireOnce(request, written);
    requests.push(request);
  }
  return { requests, counts };
}

function valuesOf(row: Row, clause: Exclude<PlannedClause, { kind: "nothing" }>, { keys }: MergeRequests): Row {
  const { first, count } = clause.values;
  const values = row.slice(first, first + count);
  if (clause.kind === "insert") return values;
  const named = clause.template.slots.flatMap((slot) =>
    slot.kind === "key" ? [row[keys.first + keys.names.indexOf(slot.name)]] : [],
  );
  return [...named, ...values];
}

function requireOnce({ path, id }: WriteRequest, written: Set<string>): void {
  if (!written.has(path)) {
    written.add(path);
    return;
  }
  throw new StripeSqlError("MERGE cannot write an object a second time", {
    sqlState: SqlState.cardinalityViolation,
    phase: "execute",
    detail: `Several rows of its source match "${id}". Nothing was written.`,
    hint: "Have the source give one row for each object: by GROUP BY, DISTINCT ON or a narrower ON.",
  });
}

/** Each row matches one object at most, and no other row has the same values; NULL is like nothing. */
function requireOneMatch(rows: readonly Row[], { conflict, keys }: MergeRequests): void {
  if (conflict === undefined) return;
  const { first, count } = conflict.values;
  const seen = new Map<string, Row>();
  for (const row of rows) {
    const values = row.slice(first, first + count);
    if (values.some((value) => value === null || value === undefined)) continue;
    const key = jsonText(values);
    const other = seen.get(key);
    if (other !== undefined) {
      const places = [Number(other[conflict.place]), Number(row[conflict.place])] as const;
      throw places[0] === places[1]
        ? severalObjects(
            shownKey(conflict, values),
            [other, row].map((matched) => String(matched[keys.first])),
          )
        : sameValues(shownKey(conflict, values), places);
    }
    seen.set(key, row);
  }
}

/** "(Email)=(a@example.com)", as PostgreSQL shows keys. */
const shownKey = ({ called }: ConflictColumns, values: Row): string =>
  `${called}=(${values.map((value) => (typeof value === "object" ? jsonText(value) : String(value))).join(", ")})`;

function severalObjects(key: string, ids: readonly string[]): StripeSqlError {
  return new StripeSqlError("ON CONFLICT matches several objects by one row", {
    sqlState: SqlState.cardinalityViolation,
    phase: "execute",
    detail: `${ids.map((id) => `"${id}"`).join(" and ")} both have ${key}. Nothing was written.`,
    hint: "Name more columns behind ON CONFLICT, or the Id, so that one object at most has the values of a row.",
  });
}

function sameValues(key: string, [one, other]: readonly [number, number]): StripeSqlError {
  const [first, second] = one < other ? [one, other] : [other, one];
  return new StripeSqlError("ON CONFLICT cannot write an object a second time", {
    sqlState: SqlState.cardinalityViolation,
    phase: "execute",
    detail: `Rows ${first} and ${second} both have ${key}. Nothing was written.`,
    hint: "Give one row for each of the values that ON CONFLICT names.",
  });
}

const words: readonly (readonly [PlannedClause["kind"], string])[] = [
  ["insert", "to be inserted"],
  ["update", "to be updated"],
  ["delete", "to be deleted"],
  ["nothing", "left as they are"],
];

/** "3 rows: 1 to be inserted, 1 to be updated, 1 left as it is" */
export function mergeNotice(counts: MergedRows["counts"]): string {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const parts = words.flatMap(([kind, text]) => {
    const count = counts.get(kind) ?? 0;
    return count === 0 ? [] : [`${count} ${kind === "nothing" && count === 1 ? "left as it is" : text}`];
  });
  return `${total} row${total === 1 ? "" : "s"}: ${parts.join(", ")}`;
}
