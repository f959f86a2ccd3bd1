import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { distinctRelations, scanKey } from "../access/access-key.js";
import { planAccess } from "../access/access-path.js";
import type { AccessAnswer, AccessRequest } from "../access/candidate.js";
import { withOmitsOf } from "../access/omission-rule.js";
import { sharedAccesses } from "../access/shared-accesses.js";
import type { Cost } from "../cost/cost.js";
import { costOf, likely, sumOf } from "../cost/cost.js";
import type { BoundTable } from "../names/bound-query.js";
import { isPseudoColumn } from "../predicate/conjunction.js";
import { columnsOfPredicate } from "../predicate/predicate.js";
import type { Access, Scan } from "../scan/scan.js";
import { accessesOf, waitsFor } from "../scan/scan.js";
import { newestOfItself } from "./newest-of-itself.js";

/**
 * One relation of the local engine serves every mention of a table in a statement, so its rows are the
 * union of what the mentions need: the same scan once, of others what none of the rest covers, side by side and
 * de-duplicated by key. Each mention's own WHERE then picks its rows. Nothing is lost: a superset of each is there.
 */
export function mergeMentions(mentions: readonly BoundTable[], request: AccessRequest): AccessAnswer {
  const newest = newestOfItself(mentions, request);
  if (newest !== undefined) return newest;
  const [first, ...others] = mentions.map((mention) => planAccess({ ...request, predicates: mention.predicates }));
  if (first === undefined) throw new RangeError("a relation without a mention");
  const answers = [first, ...others];
  if (others.length === 0) return first;
  if (others.every((answer) => isSameScan(answer.scan, first.scan))) return withOmits(first, answers);
  rejectMixedPseudoColumns(mentions, request);
  const whole = answers.find((answer) => isWholeTable(answer));
  const unsupported = request.predicates.map(() => "unsupported" as const);
  if (whole !== undefined || request.table.primaryKey === undefined) {
    const answer = whole ?? planAccess({ ...request, predicates: [] });
    return withOmits({ ...answer, verdicts: unsupported, newestFirst: false }, answers);
  }
  const scan: Scan = { kind: "inexact", accesses: sharedAccesses(answers.flatMap(cheaperAccesses), request) };
  return {
    scan,
    cost: costOfShared(scan, answers, request),
    expansions: answers.flatMap(({ expansions }) => expansions),
    feeds: distinctRelations(answers.flatMap((answer) => answer.feeds)),
    verdicts: first.verdicts,
    newestFirst: false,
    rejected: [],
    notices: [...new Set(answers.flatMap((answer) => answer.notices))],
  };
}

/** What waits for other relations costs what each mention's does, as their keys may be few of the same. */
function costOfShared(scan: Scan, answers: readonly AccessAnswer[], { table, statistics }: AccessRequest): Cost {
  if (waitsFor(scan).length > 0) return sumOf(answers.map(({ cost }) => cost));
  return costOf({ table, scan }, { statistics, assumptions: likely, sources: [] });
}

/** By keys or without, as is thought to take less: rows of several mentions cannot be told apart once there are keys. */
function cheaperAccesses({ scan, cost }: AccessAnswer): readonly Access[] {
  if (scan.kind !== "inexact" || scan.unkeyed === undefined) return accessesOf(scan);
  const { accesses, requests } = scan.unkeyed;
  return requests !== undefined && requests <= cost.requests ? accesses : scan.accesses;
}

/** The conditions of one mention may mean rows that are left out, and those of another not. */
function withOmits(answer: AccessAnswer, answers: readonly AccessAnswer[]): AccessAnswer {
  const { scan } = answer;
  if (scan.kind === "empty") return answer;
  const all = answers.flatMap((other) => accessesOf(other.scan));
  return { ...answer, scan: { ...scan, accesses: scan.accesses.map((access) => withOmitsOf(access, all)) } };
}

const isSameScan = (one: Scan, other: Scan): boolean => one.kind === other.kind && scanKey(one) === scanKey(other);

/** What may be read by keys leaves rows out, though none of its conditions can be relied on. */
function isWholeTable({ scan, verdicts }: AccessAnswer): boolean {
  const isByKeys = scan.kind === "inexact" && scan.unkeyed !== undefined;
  return scan.kind !== "empty" && !isByKeys && verdicts.every((verdict) => verdict === "unsupported");
}

/** A mention without the pseudo-column would see the rows of the mention with it twice over. */
function rejectMixedPseudoColumns(mentions: readonly BoundTable[], { table }: AccessRequest): void {
  const perMention = mentions.map((mention) =>
    [...new Set(mention.predicates.flatMap(columnsOfPredicate).filter((column) => isPseudoColumn(table, column)))]
      .sort()
      .join(", "),
  );
  if (new Set(perMention).size === 1) return;
  const names = perMention.find((columns) => columns !== "") ?? "";
  throw new StripeSqlError(`table "${table.name}" is read both with and without ${names} in one statement`, {
    sqlState: SqlState.featureNotSupported,
    phase: "plan",
    hint: `Give ${names} = '…' at each mention of ${table.name}, or run two statements.`,
  });
}
