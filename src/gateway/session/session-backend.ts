import type { SettingChange } from "../../execute/postgres/schema/held-settings.js";
import type { Format } from "../../protocol/format-code.js";
import type { FieldDescription } from "../../protocol/row-description.js";
import type { PostgresStatement } from "../../syntax/postgres/postgres-statement.js";
import type { Settings } from "./session-settings.js";
import type { BackendStatement, SessionStatement } from "./session-statement.js";
import type { SessionViews } from "./session-views.js";
import type { StatementResult } from "./statement-result.js";
import type { TransactionView } from "./transaction-block.js";

/** What a session's statements are read by and run on, whichever engine it has chosen. */
export interface SessionBackend extends StatementBackend<BackendStatement, SessionStatement> {
  /** Gives up what the session has made for itself, as DISCARD TEMP and ALL do. */
  discardTemporary(): Promise<void>;
}

/** What statements are read by and run on: Stripe behind the planner, and a local engine. */
export interface StatementBackend<Statement, Read = Statement> {
  /** The statements of a text, read as the settings have it; fails with 42601 where it is none. */
  parse(sql: string, settings: Settings): Promise<readonly Read[]>;
  /** Tells a statement's parameters and columns; nothing is sent to Stripe. Types that are not given, 0, are inferred. */
  describe(statement: Statement, context: DescribeContext): Promise<StatementDescription>;
  run(statement: Statement, context: RunContext): Promise<StatementResult>;
  /** Runs SET: the setting's own name, and its value as SHOW tells it. Fails as PostgreSQL does. */
  readSetting(
    statement: SettingStatement,
    settings: Settings,
    signal: AbortSignal,
  ): Promise<{ readonly name: string; readonly value: string }>;
  /** True where nothing may be written, whatever the transaction. */
  readonly readOnly: boolean;
  /** Told of the client's transactions, to note what is written in them. */
  readonly writes: TransactionWrites;
  close(): Promise<void>;
}

/** What was written in a transaction: Stripe undoes nothing, so that ROLLBACK can but name it. */
export interface TransactionWrites {
  begin(): void;
  /** The transaction ends, and what it wrote is forgotten. */
  end(): void;
  /** How many writes were noted so far. */
  readonly count: number;
  /** Those after the first so many, each as "INSERT customers: cus_…". */
  since(count: number): readonly string[];
}

export type SettingStatement = Extract<PostgresStatement, { kind: "set" | "reset" }>;

export interface DescribeContext {
  readonly settings: Settings;
  /** OIDs by place; 0, or none, where the type is to be inferred. */
  readonly parameterTypes: readonly number[];
  readonly signal: AbortSignal;
}

export interface StatementDescription {
  /** OIDs. */
  readonly parameterTypes: readonly number[];
  /** Undefined where it gives no rows, or only its rows tell. */
  readonly fields: readonly FieldDescription[] | undefined;
  /** True where its columns are not known before it has run. Default false. */
  readonly isKnownByRows?: boolean;
}

export interface RunContext {
  readonly settings: Settings;
  /** The columns as the client was told of them; undefined where it was not. */
  readonly described?: readonly FieldDescription[] | undefined;
  readonly parameters: BoundParameters;
  /** None for text everywhere, one for all columns, or one for each. */
  readonly resultFormats: readonly Format[];
  readonly transaction: TransactionView;
  /** Fails with 25006 in a transaction that only reads. */
  readonly requireWritable: (command: string) => void;
  /** The session's cursors and prepared statements, for who asks PostgreSQL's views. */
  readonly views: SessionViews;
  /** Cancels the statement. */
  readonly signal: AbortSignal;
  /** Told what the user should know, at any time until the rows have ended. */
  readonly notice: (notice: Notice) => void;
  /** Takes a NoticeResponse of a PostgreSQL's, whole. */
  readonly relay: (message: Uint8Array) => void;
  /** Told of what `set_config` set, by its own name. */
  readonly setConfig: (change: SettingChange) => void;
  /** How many rows more the client wants at the moment, where it takes them in portions. Default all of them. */
  readonly wantedRows?: (() => number) | undefined;
}

export interface Notice {
  readonly message: string;
  readonly severity: "NOTICE" | "WARNING";
  /** Default that of a notice, 00000, or of a warning, 01000. */
  readonly sqlState?: string;
}

/** Values as the client gave them. */
export interface BoundParameters {
  /** OIDs. */
  readonly types: readonly number[];
  readonly formats: readonly Format[];
  readonly values: readonly (Uint8Array | null)[];
}

export const noParameters: BoundParameters = { types: [], formats: [], values: [] };
