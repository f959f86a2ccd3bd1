import { planAccess } from "../access/access-path.js";
import type { AccessAnswer, AccessRequest } from "../access/candidate.js";
import type { BoundTable } from "../names/bound-query.js";
import type { Predicate } from "../predicate/predicate.js";

/**
 * `SELECT * FROM Charge WHERE Created = (SELECT max(Created) FROM Charge)` -> the first page, and on as long as rows are of the
 * first one's time. Nothing is lost: the subquery wants the newest row alone of those that meet its conditions, which
 * Stripe applies in full, and all of that row's time are read. The rows that the other mention is after are of that time
 * too, as none is newer, and meet the subquery's conditions, as it has each of them itself.
 */
export function newestOfItself(mentions: readonly BoundTable[], request: AccessRequest): AccessAnswer | undefined {
  const [one, other, another] = mentions;
  if (one === undefined || other === undefined || another !== undefined) return undefined;
  const newest = [one, other].find((mention) => isNewestFor(mention, mention === one ? other : one, request));
  if (newest === undefined) return undefined;
  const answer = planAccess({
    ...request,
    predicates: newest.predicates,
    order: "created-descending",
    limit: 1,
    ties: true,
  });
  const { scan } = answer;
  if (scan.kind !== "exact" || scan.limit !== 1 || scan.ties !== true) return undefined;
  return { ...answer, verdicts: one.predicates.map(() => "unsupported"), newestFirst: false };
}

function isNewestFor(
  { reference, predicates, wanted }: BoundTable,
  other: BoundTable,
  { table: { columns } }: AccessRequest,
): boolean {
  if (wanted?.order !== "created-descending" || wanted.rows !== 1) return false;
  const isCreated = (name: string): boolean =>
    columns.some((column) => column.name === name && column.stripeName === "created");
  const isOfNewest = other.predicates.some(
    (predicate) =>
      predicate.kind === "bounded" &&
      predicate.greatestOf === reference &&
      (predicate.operator === "=" || predicate.operator === ">=") &&
      isCreated(predicate.column),
  );
  return isOfNewest && predicates.every((predicate) => other.predicates.some((one) => isSame(one, predicate)));
}

/** What no rule reads is not known to be the same. */
const isSame = (one: Predicate, other: Predicate): boolean =>
  one.kind !== "opaque" && JSON.stringify(one) === JSON.stringify(other);
