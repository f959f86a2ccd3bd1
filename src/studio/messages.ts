/** What the studio's page and its server say to each other: types alone, for both sides. */

export interface StudioColumn {
  readonly name: string;
  readonly type: string;
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
}

export interface Prediction {
  /** Undefined where nothing was seen yet that tells. */
  readonly requests: number | undefined;
  readonly isExact: boolean;
  /** True where running it may change the account. */
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
