import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { planAccess } from "../access/access-path.js";
import type { AccessAnswer, AccessRequest } from "../access/candidate.js";
import { accessesOf } from "../access/scan.js";
import type { TableUse } from "../names/query-analysis.js";
import { isPseudoColumn } from "../predicate/conjunction.js";
import { columnsOfPredicate } from "../predicate/predicate.js";

/**
 * One relation of the local engine serves every mention of a table in a statement, so its rows are the
 * union of what the mentions need: the same scan once, different scans side by side, de-duplicated by
 * key. Each mention's own WHERE then picks its rows. Nothing is lost: a superset of each is there.
 */
export function mergeUses(uses: readonly TableUse[], request: AccessRequest): AccessAnswer {
  const [first, ...others] = uses.map((use) => planAccess({ ...request, predicates: use.predicates }));
  if (first === undefined) throw new RangeError("a relation without a use");
  if (others.every((answer) => JSON.stringify(answer.scan) === JSON.stringify(first.scan))) return first;
  rejectMixedPseudoColumns(uses, request);
  const answers = [first, ...others];
  const whole = answers.find((answer) => isWholeTable(answer));
  const unsupported = request.predicates.map(() => "unsupported" as const);
  if (whole !== undefined || request.table.primaryKey === undefined) {
    const answer = whole ?? planAccess({ ...request, predicates: [] });
    return { ...answer, verdicts: unsupported, newestFirst: false };
  }
  return {
    scan: { kind: "inexact", accesses: answers.flatMap((answer) => accessesOf(answer.scan)) },
    verdicts: first.verdicts,
    newestFirst: false,
    notices: [...new Set(answers.flatMap((answer) => answer.notices))],
  };
}

function isWholeTable(answer: AccessAnswer): boolean {
  return answer.scan.kind !== "empty" && answer.verdicts.every((verdict) => verdict === "unsupported");
}

/** A mention without the pseudo-column would see the rows of the mention with it twice over. */
function rejectMixedPseudoColumns(uses: readonly TableUse[], { table }: AccessRequest): void {
  const perUse = uses.map((use) =>
    [...new Set(use.predicates.flatMap(columnsOfPredicate).filter((column) => isPseudoColumn(table, column)))]
      .sort()
      .join(", "),
  );
  if (new Set(perUse).size === 1) return;
  const names = perUse.find((columns) => columns !== "") ?? "";
  throw new StripeSqlError(`table "${table.name}" is read both with and without ${names} in one statement`, {
    sqlState: SqlState.featureNotSupported,
    phase: "plan",
    hint: `Give ${names} = '…' at each mention of ${table.name}, or run two statements.`,
  });
}
