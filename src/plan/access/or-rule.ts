import type { Table } from "../../catalog/catalog.js";
import type { Conjunction } from "../predicate/conjunction.js";
import { isPseudoColumn, readConjunction } from "../predicate/conjunction.js";
import { judgeEnumValues } from "../predicate/enum-rule.js";
import type { Predicate, Verdict } from "../predicate/predicate.js";
import { columnsOfPredicate, worstVerdict } from "../predicate/predicate.js";
import { distinctRelations } from "./access-key.js";
import type { AccessPlanner, AccessRequest, Candidate } from "./candidate.js";
import { sharedAccesses } from "./shared-accesses.js";

/** More branches than this cost more requests than they save. */
const maximumBranches = 20;
/** Of more ORs than this, the first are looked at. */
const maximumDisjunctions = 20;

/**
 * `p AND (a OR b)` -> the accesses of `p AND a` and of `p AND b`, de-duplicated by key as they are read.
 * Nothing is lost: p AND (a OR b) equals (p AND a) OR (p AND b), and each side's accesses give a superset
 * of its rows. It pays only where each branch itself is pushed, so otherwise the rule does not apply.
 * Of several ORs, each is offered as the one to split, and the others are left to the local engine: to split
 * them all would take a plan for each combination of their branches.
 */
export function orRule(request: AccessRequest, conjunction: Conjunction, planner: AccessPlanner): readonly Candidate[] {
  const { table } = request;
  const { predicates } = conjunction;
  if (table.primaryKey === undefined) return [];
  const unsplit = predicates.map(leftAlone);
  return disjunctionsOf(predicates, table)
    .slice(0, maximumDisjunctions)
    .flatMap((disjunction) => splitAt(disjunction, { request, planner, unsplit }) ?? []);
}

interface Disjunction {
  readonly index: number;
  readonly branches: readonly (readonly Predicate[])[];
}

/** Those that can be split. No field of a row can make up for a pseudo-column: an OR that names one goes before others. */
function disjunctionsOf(predicates: readonly Predicate[], table: Table): readonly Disjunction[] {
  const all = predicates.flatMap((predicate, index) =>
    predicate.kind === "or" && predicate.branches.length <= maximumBranches
      ? [{ index, branches: predicate.branches, isPseudo: columnsOfPredicate(predicate).some(isPseudo(table)) }]
      : [],
  );
  return all.some((one) => one.isPseudo) ? all.filter((one) => one.isPseudo) : all;
}

const isPseudo = (table: Table) => (column: string) => isPseudoColumn(table, column);

function leftAlone(predicate: Predicate): Predicate {
  return predicate.kind === "or" ? { kind: "opaque", columns: columnsOfPredicate(predicate) } : predicate;
}

interface SplitContext {
  readonly request: AccessRequest;
  readonly planner: AccessPlanner;
  /** The conjunction's predicates, no OR among them. */
  readonly unsplit: readonly Predicate[];
}

function splitAt({ index, branches }: Disjunction, { request, planner, unsplit }: SplitContext): Candidate | undefined {
  const others = unsplit.filter((_, position) => position !== index);
  const planned: PlannedBranch[] = [];
  for (const branch of branches) {
    const candidate = planBranch({ request, planner, others }, branch);
    if (candidate === undefined) return undefined;
    planned.push(candidate);
  }
  return {
    accesses: sharedAccesses(
      planned.flatMap((branch) => branch.accesses),
      request,
    ),
    feeds: distinctRelations(planned.flatMap((branch) => branch.feeds)),
    verdicts: unsplit.map((_, position) => combinedVerdict(planned, position, index)),
    newestFirst: false,
    notices: [...new Set(planned.flatMap((branch) => branch.notices))],
  };
}

interface PlannedBranch extends Candidate {
  /** How far the branch itself is applied: in part is inexact, for its requests do leave rows out. */
  readonly branchVerdict: "exact" | "inexact";
}

interface BranchContext {
  readonly request: AccessRequest;
  readonly planner: AccessPlanner;
  readonly others: readonly Predicate[];
}

function planBranch(
  { request, planner, others }: BranchContext,
  branch: readonly Predicate[],
): PlannedBranch | undefined {
  const checked = judgeEnumValues(request, branch);
  const conjunction = readConjunction(request.table, [...others, ...checked.predicates]);
  if (conjunction.impossible) {
    return {
      accesses: [],
      feeds: [],
      verdicts: others.map(() => "exact"),
      newestFirst: true,
      notices: checked.notices,
      branchVerdict: "exact",
    };
  }
  // Whether the limit holds is known only when all branches are.
  const candidate = planner.choose({ ...request, limit: undefined }, conjunction);
  const own = candidate.verdicts.slice(others.length);
  if (own.every((verdict) => verdict === "unsupported")) return undefined;
  // No field of a row can make up for a pseudo-column that the branch's requests leave out.
  const unjudged = checked.predicates.filter((_, position) => own[position] === "unsupported");
  if (unjudged.flatMap(columnsOfPredicate).some((column) => isPseudoColumn(request.table, column))) return undefined;
  return {
    ...candidate,
    verdicts: candidate.verdicts.slice(0, others.length),
    notices: [...checked.notices, ...candidate.notices],
    branchVerdict: own.every((verdict) => verdict === "exact") ? "exact" : "inexact",
  };
}

/** A predicate is applied as far as the branch that applies it least; the OR as far as its branches are. */
function combinedVerdict(branches: readonly PlannedBranch[], position: number, orIndex: number): Verdict {
  if (position === orIndex) return branches.map((branch) => branch.branchVerdict).reduce(worstVerdict, "exact");
  const shifted = position < orIndex ? position : position - 1;
  return branches.map((branch) => branch.verdicts[shifted] ?? "unsupported").reduce(worstVerdict, "exact");
}
