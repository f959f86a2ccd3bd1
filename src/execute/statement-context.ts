import type { RequestPace } from "../plan/cost/parallel-width.js";
import type { Doubt, RowsOf, Statistics } from "../plan/cost/statistics.js";
import type { RequestScope } from "../stripe/request-scope.js";
import type { RequestSender } from "../stripe/stripe-client.js";
import type { Facts } from "../value/list-facts.js";
import type { LocalEngine } from "./engine/local-engine.js";
import type { ShownColumn, StoredTable } from "./engine/stored-table.js";
import type { KeptRows } from "./kept/kept-rows.js";
import type { ReadPaths } from "./kept/read-paths.js";
import type { TestClocks } from "./scan/test-clocks.js";
import type { WriteJournal } from "./write/write-journal.js";

/** A fact, and the name by which it will be asked for: see `plan/access/list-text.ts`. */
export type LearnedFact = {
  [Kind in keyof Facts]: {
    readonly kind: Kind;
    readonly name: string;
    readonly fact: Facts[Kind];
    /** True where the name tells data: the fact then ends with the process. */
    readonly isPassing: boolean;
  };
}[keyof Facts];

/** A stored table, and what statements call its columns. */
export interface ShownTable {
  readonly table: StoredTable;
  readonly columns: readonly ShownColumn[];
}

/** What one running statement has at hand. */
export interface StatementContext {
  readonly client: RequestSender;
  /** Opens the local engine when first asked for. */
  readonly engine: () => Promise<LocalEngine>;
  /** The rows of a temp table as they are now; 42P01 where it has been dropped. */
  readonly storedRows: (name: string) => ShownTable;
  /** Counts the statement's requests and carries its cancellation. */
  readonly scope: RequestScope;
  /** What bounds the requests that one list, or one write, may have under way, as it is now. */
  readonly pace: () => RequestPace;
  /** What was seen of Stripe's data before. */
  readonly statistics: Statistics;
  /** Name of the zone in which the local engine reads and writes times. */
  readonly timeZone: string;
  /** Values of the statement's parameters, by position. */
  readonly parameters: readonly unknown[];
  readonly accountId: string | undefined;
  /**
   * How many rows more its reader wants at the moment, who takes them in portions and may leave the rest; undefined: all
   * of them.
   */
  readonly wantedRows?: (() => number) | undefined;
  /** Told of rows fetched, for progress. */
  readonly onRows: (count: number) => void;
  readonly notice: (text: string) => void;
  /** Told how many rows a whole table held, for later estimates. */
  readonly recordRows: (of: RowsOf, rows: number) => void;
  /** Told what a list held that was read to its end, for later estimates. */
  readonly learn: (of: RowsOf, learned: LearnedFact) => void;
  /** Told of an answer that a plan must not rely on any more; false where the statement knew that already. */
  readonly doubt: (doubt: Doubt) => boolean;
  /** Which test clocks an account has, whose rows some lists leave out. */
  readonly testClocks: TestClocks;
  /** Rows that earlier statements have read; undefined where none are kept, or rows are to be read anew. */
  readonly kept?: KeptRows | undefined;
  /** The fields that the statement reads; undefined where that is not known, so that nothing less than whole rows will do. */
  readonly readPaths?: ReadPaths;
  /** True where rows are read whole, whatever the statement reads of them. */
  readonly wholeRows: boolean;
  /** The caller's own key for the statement's writes; undefined: it has a new one. */
  readonly idempotencyKey: string | undefined;
  /** True where the rows of a SELECT say what is written: then NULL must not stand for a failure. */
  readonly forWrite?: boolean;
  /** Sees each write before it is sent and after. */
  readonly journal: WriteJournal;
  /** True where a procedure's rows are wanted as Stripe's objects, each in the one column `_json`. */
  readonly wholeObjects: boolean;
}
