import type { ChartRequest } from "../chart/chart-request.js";

/** What the studio's page and its server say to each other: types alone, for both sides. */

export interface StudioColumn {
  /** Distinct among the result's columns. */
  readonly key: string;
  readonly name: string;
  readonly type: string;
  /** The key of the column that holds the currency of these amounts, which are in its minor unit. */
  readonly currency?: string;
}

/** What becomes of a run, in order: lines of JSON, one an event. */
export type RunEvent =
  /** A statement begins, whose rows are under `result`; `columns` may be empty. */
  | {
      readonly kind: "columns";
      readonly result: string;
      readonly text: string;
      readonly columns: readonly StudioColumn[];
    }
  /** `stored` rows can be asked for. */
  | { readonly kind: "progress"; readonly result: string; readonly stored: number; readonly progress: RunProgress }
  /** A write that is to be answered with POST /api/runs/RUN/confirm before it is sent. */
  | { readonly kind: "confirm"; readonly command: string; readonly objects: number; readonly live: boolean }
  | { readonly kind: "end"; readonly result: string; readonly stored: number; readonly summary: RunSummary }
  | { readonly kind: "error"; readonly error: StudioError };

export interface RunProgress {
  readonly requests: number;
  readonly estimatedRequests: number | undefined;
  readonly elapsedMs: number;
}

export interface RunSummary {
  readonly command: string;
  readonly rowCount: number;
  readonly requests: number;
  readonly elapsedMs: number;
  readonly notices: readonly string[];
  /** The first failure of a write of which another part succeeded. */
  readonly error: StudioError | undefined;
}

export interface StudioError {
  readonly message: string;
  readonly sqlState: string;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  /** Offset in the statement's text. */
  readonly position: number | undefined;
}

/** Rows of a result from one on, each column as text, NULL as null. */
export interface RowWindow {
  readonly from: number;
  readonly rows: readonly (readonly (string | null)[])[];
}

export interface ResultDescription {
  /** Why the rows that are kept are not all of the statement's, and how many they are; undefined where they are. */
  readonly missing: string | undefined;
  /** What is to be said of the file that was exported last: values that were cut, rows that a picture leaves out. */
  readonly notes: readonly string[];
}

export interface Prediction {
  /** Undefined where nothing was seen yet that tells. */
  readonly requests: number | undefined;
  readonly isExact: boolean;
  /** True where running it may change the account, or the session. */
  readonly writes: boolean;
}

export interface StudioSchema {
  readonly mode: "sandbox" | "test" | "live";
  readonly isReadOnly: boolean;
  readonly tables: readonly SchemaTable[];
  readonly procedures: readonly SchemaProcedure[];
}

export interface SchemaTable {
  readonly schema: string;
  readonly name: string;
  readonly description: string;
}

export interface SchemaProcedure {
  readonly name: string;
  readonly description: string;
  readonly writes: boolean;
}

export interface SchemaColumn {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly isKey: boolean;
  /** "Customer.Id" */
  readonly references: string | undefined;
}

export interface ProcedureInput {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly description: string;
  /** What Stripe is known to take. */
  readonly values: readonly string[];
}

/** What a dashboard's file holds. */
export interface DashboardFile {
  readonly text: string;
  /** To be given when the text is saved again; undefined where there is no file. */
  readonly version: string | undefined;
  /** Undefined where the text is none: `error` has the mistakes with their lines. */
  readonly dashboard: Dashboard | undefined;
  readonly error: StudioError | undefined;
}

export interface SavedDashboard {
  /** Undefined where it was not saved. */
  readonly version: string | undefined;
  readonly error: StudioError | undefined;
}

export interface Dashboard {
  readonly title: string;
  /** Beside each other where there is room, from 1 to 4. */
  readonly columns: number;
  readonly tiles: readonly DashboardTile[];
}

export interface DashboardTile {
  readonly title: string;
  /** Undefined where the saved query that it names cannot be read: `problem` says why. */
  readonly sql: string | undefined;
  readonly problem: string | undefined;
  readonly view: "table" | "number" | "chart";
  readonly chart: ChartRequest;
  /** Columns that it takes, from 1 to 4. */
  readonly width: number;
}

/** A result's chart. */
export interface ChartPicture {
  /** An SVG document; undefined where the result cannot be shown so. */
  readonly svg: string | undefined;
  /** What it shows, in words. */
  readonly description: string;
  /** Which rows it leaves out or adds up. */
  readonly notes: readonly string[];
  readonly error: StudioError | undefined;
}
