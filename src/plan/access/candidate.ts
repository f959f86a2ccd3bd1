import type { Table } from "../../catalog/catalog.js";
import type { Cost } from "../cost/cost.js";
import type { Statistics } from "../cost/statistics.js";
import type { PlannerRule } from "../planner-rule.js";
import type { Conjunction } from "../predicate/conjunction.js";
import type { Predicate, Verdict } from "../predicate/predicate.js";
import type { Access, ExpectedField, Scan, Scanned } from "../scan/scan.js";

/** What a statement wants of one table. */
export interface AccessRequest {
  readonly table: Table;
  /** The conjunction that rows must satisfy. */
  readonly predicates: readonly Predicate[];
  /** Order in which the rows must come, where the statement can use Stripe's own. */
  readonly order: "created-descending" | "created-ascending" | "created-ends" | "any" | "other";
  /** Rows wanted, OFFSET included; undefined: all. */
  readonly limit: number | undefined;
  /** True where rows of the last one's creation time are wanted beside those of the limit. */
  readonly ties?: boolean | undefined;
  /** Columns that the statement names, for those that Stripe sends only on request. */
  readonly includes: readonly (readonly string[])[];
  /** References of the rows whose objects fill other relations of the statement. */
  readonly expands: readonly (readonly string[])[];
  /** False: predicates on columns are left to the local engine. Pseudo-columns are always pushed. */
  readonly pushdown: boolean;
  /** Whether Stripe's Search finds rows: never, where it saves many requests, or wherever it can. */
  readonly search: "off" | "auto" | "always";
  /** Rules that are left out. */
  readonly without: ReadonlySet<PlannerRule>;
  /** False: a value that the catalog does not know of a closed enum may be one all the same. */
  readonly closedEnumsHold: boolean;
  /** Tables whose nested lists led here, so that none is read through itself. */
  readonly ancestors: readonly string[];
  /** Finds a parent's table for a nested list. */
  readonly findTable: (name: string, schema: Table["schema"]) => Table | undefined;
  readonly statistics: Statistics;
  /** The clock's reading in seconds since the Unix epoch, for lists that go back some days only. */
  readonly now: () => number;
  /** The statement's relation of a key, to take values from; undefined where it waits for this one itself. */
  readonly findRelation: (key: string) => SourceRelation | undefined;
}

/** A relation of the statement, and what is read for its sake. */
export interface SourceRelation {
  readonly scanned: Scanned;
  readonly feeds: readonly Scanned[];
  /** What those of its rows hold that satisfy its own conditions. */
  readonly only: readonly ExpectedField[];
  /** Keys from the object that a request answers with to the relation's own, where those are embedded there: [] where not. */
  readonly embeddedBeneath: readonly string[];
  /** Keys to what the statement shows of its objects as JSON, where an expanded reference would stand instead of its id: [] for all of them. */
  readonly shownAsJson: readonly (readonly string[])[];
}

/** Objects of a relation that hold another's, at a path from the one to the other. */
export interface Expansion {
  /** Key of the relation that holds them. */
  readonly relation: string;
  readonly path: readonly string[];
  /** What Stripe has to be asked to expand for them; undefined where they are there at all times. */
  readonly expand: readonly string[] | undefined;
}

/** How rows are found by the keys that another relation of the statement holds. */
export interface KeyedBy {
  readonly source: SourceRelation;
  readonly expansion: Expansion | undefined;
  /** True where the rows can be judged without: then a reading without keys is one too. */
  readonly isOptional: boolean;
}

export interface AccessAnswer {
  readonly scan: Scan;
  /** Relations that the scan takes values from, each after those that it waits for itself. */
  readonly feeds: readonly Scanned[];
  /** One for each predicate of the request, in its order. */
  readonly verdicts: readonly Verdict[];
  /** True where the rows come newest first. */
  readonly newestFirst: boolean;
  readonly notices: readonly string[];
  /** What it takes by what was seen, the relations of the statement that it waits for left out. */
  readonly cost: Cost;
  /** Where other relations' objects hold its rows'. */
  readonly expansions: readonly Expansion[];
  /** Ways that take more, for EXPLAIN. */
  readonly rejected: readonly RejectedWay[];
}

/** A way to read the rows that was not taken. */
export interface RejectedWay {
  readonly scan: Scan;
  /** What is read for its sake alone. */
  readonly feeds: readonly Scanned[];
  /** What it takes values from. */
  readonly sources: readonly Scanned[];
}

/** A way to read the rows, before the limit is decided. */
export interface Candidate {
  readonly accesses: readonly Access[];
  readonly feeds: readonly Scanned[];
  readonly verdicts: readonly Verdict[];
  /** True where each access gives newest rows first. */
  readonly newestFirst: boolean;
  readonly notices: readonly string[];
  /** Undefined where nothing is taken of the statement's other relations. */
  readonly keyedBy?: KeyedBy | undefined;
}

/** Plans another request, or takes the cheapest of a conjunction's candidates: handed to the rules that need it. */
export interface AccessPlanner {
  readonly plan: (request: AccessRequest) => AccessAnswer;
  readonly choose: (request: AccessRequest, conjunction: Conjunction) => Candidate;
}
