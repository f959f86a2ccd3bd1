import type { Cost } from "../cost/cost.js";
import type { EstimatedList } from "../cost/list-estimate.js";
import { shareOfRows } from "../cost/list-estimate.js";
import type { Statistics } from "../cost/statistics.js";
import type { Predicate } from "../predicate/predicate.js";
import type { Scalar } from "../predicate/scalar.js";
import type { RelationId, Scanned } from "../scan/scan.js";
import { accessesOf, limitOf, waitsFor } from "../scan/scan.js";
import type { JudgedPredicate, ScanRelation, SelectPlan } from "./select-plan.js";
import { ownPredicates, scanRelations } from "./select-plan.js";

/** How far the scans of a SELECT are read, which may end before their rows do. */
export interface ReadRows {
  /** The scan as far as it is read. */
  readonly scanned: (relation: Scanned) => Scanned;
  /** "assumed": nothing tells when rows enough have come; it takes what it would if all rows were of use, or more. */
  readonly basis: Cost["basis"];
}

/**
 * A LIMIT over rows that come bit by bit ends the reading once it is filled: after as many rows as it takes for so many to
 * satisfy the conditions that are left to the local engine, where what was seen tells how many of the rows do.
 */
export function rowsUntilFilled(select: SelectPlan, statistics: Statistics): ReadRows {
  const all: ReadRows = { scanned: (relation) => relation, basis: "exact" };
  const filled = filledRelation(select);
  const driver = filled && scanRelations(select).find(({ id }) => id === filled.relation);
  if (filled === undefined || driver === undefined || limitOf(driver.scan) !== undefined) return all;
  const share = shareOfUse(driver, select, statistics);
  const isBound = waitsFor(driver.scan).length > 0;
  const limit = isBound ? undefined : Math.ceil((filled.rows + filled.beyond) / (share || 1));
  return {
    scanned: (relation) =>
      relation.id === driver.id && limit !== undefined && relation.scan.kind !== "empty"
        ? { ...relation, scan: { kind: "exact", accesses: relation.scan.accesses, limit } }
        : relation,
    basis: share !== undefined && share > 0 && !isBound ? "seen" : "assumed",
  };
}

interface FilledRelation {
  readonly relation: RelationId;
  readonly rows: number;
  /** Rows that must have come after those. */
  readonly beyond: number;
}

function filledRelation({ strategy, relations: [only] }: SelectPlan): FilledRelation | undefined {
  switch (strategy.kind) {
    case "grow":
      return { relation: strategy.relation, rows: strategy.limit, beyond: strategy.wholeTimes === undefined ? 0 : 1 };
    case "stream":
      if (strategy.limit === undefined || only?.kind !== "scan") return undefined;
      return { relation: only.id, rows: strategy.limit, beyond: 0 };
    case "direct":
    case "load":
      return undefined;
  }
}

/** The part of the rows that satisfies what the local engine has to judge; undefined where that is not known. */
function shareOfUse(driver: ScanRelation, select: SelectPlan, statistics: Statistics): number | undefined {
  // Rows of another table that are chosen leave some of this one's without a partner.
  const isOtherChosen = scanRelations(select).some(
    (relation) => relation.id !== driver.id && ownPredicates(relation).some(({ predicate }) => !isPlainJoin(predicate)),
  );
  if (isOtherChosen) return undefined;
  const shares = leftTo(driver).map(({ predicate }) => shareOf(predicate, driver, statistics));
  return shares.reduce<number | undefined>(
    (product, share) => (product === undefined || share === undefined ? undefined : product * share),
    1,
  );
}

/** Conditions that no request applies, but for those by which tables are joined. */
const leftTo = (relation: ScanRelation): readonly JudgedPredicate[] =>
  ownPredicates(relation).filter(({ predicate, verdict }) => verdict !== "exact" && !isPlainJoin(predicate));

const isPlainJoin = (predicate: Predicate): boolean => predicate.kind === "joined" && !predicate.isMember;

function shareOf(predicate: Predicate, driver: ScanRelation, statistics: Statistics): number | undefined {
  const compared = valuesOf(predicate);
  if (compared === undefined) return undefined;
  const [access, another] = accessesOf(driver.scan);
  if (access?.kind !== "list" || another !== undefined) return undefined;
  const { table } = driver;
  const of = { schema: table.schema, table: table.name, accountId: access.accountId };
  const list: EstimatedList = { access, of, statistics };
  const share = shareOfRows(list, compared);
  return compared.isComplement && share !== undefined ? 1 - share : share;
}

interface ComparedValues {
  readonly column: string;
  readonly values: readonly string[];
  readonly isComplement: boolean;
}

function valuesOf(predicate: Predicate): ComparedValues | undefined {
  if (predicate.kind === "any-of") return among(predicate.column, predicate.values, false);
  if (predicate.kind !== "compare") return undefined;
  const { column, operator, value } = predicate;
  return operator === "=" || operator === "<>" ? among(column, [value], operator === "<>") : undefined;
}

function among(column: string, scalars: readonly Scalar[], isComplement: boolean): ComparedValues | undefined {
  const values = scalars.flatMap((scalar) =>
    scalar.type === "string" || scalar.type === "boolean" ? [String(scalar.value)] : [],
  );
  return values.length === scalars.length ? { column, values, isComplement } : undefined;
}
