import { StripeSqlError } from "../error/stripe-sql-error.js";
import { redactFields } from "../stripe/redact-fields.js";
import type { RequestObserver } from "../stripe/request-observer.js";
import { exactText } from "../value/exact-number.js";
import type { LogLevel, SqlValue, WriteOutcome } from "./api.js";
import { hideLiterals } from "./hide-literals.js";
import type { LogWriter } from "./log-writer.js";
import { openLogWriter } from "./log-writer.js";
import { observeRequests } from "./request-log.js";

/** How a statement ended. */
export interface EndedStatement {
  readonly text: string;
  /** Undefined where it could not be read. */
  readonly command: string | undefined;
  readonly parameters: readonly SqlValue[];
  readonly rowCount: number;
  readonly outcomes: readonly WriteOutcome[];
  readonly requests: number;
  readonly elapsedMs: number;
  readonly notices: readonly string[];
  /** Undefined where it did not fail. */
  readonly error: unknown;
}

/** The log of a connection. Its texts hold no secrets. */
export interface StatementLog {
  /** Told of requests from verbosity 2 on. */
  readonly observer: RequestObserver | undefined;
  statement(ended: EndedStatement): void;
  /** Something was read from where it is kept, or kept: from verbosity 2 on. */
  cache(event: string, facts: object): void;
  /** The properties of the connection: at verbosity 5. */
  connected(properties: object): void;
  /** Has a text taken out of every line from now on. */
  hide(secret: string): void;
  close(): void;
}

export interface LogOptions {
  /** 1 to 5, each with what those below it tell; undefined where none was asked for. */
  readonly verbosity: number | undefined;
  /** File that is appended to, readable by its owner alone; default standard error. */
  readonly logFile: string | undefined;
  /** Least severity of a line; undefined where none was asked for. */
  readonly logLevel?: LogLevel | undefined;
}

/** A log of JSON lines; undefined where none of the three was given. */
export async function openStatementLog(options: LogOptions): Promise<StatementLog | undefined> {
  const { verbosity, logFile, logLevel } = options;
  if (logFile === undefined && verbosity === undefined && logLevel === undefined) return undefined;
  const detail = Math.max(verbosity ?? 1, logLevel === "DEBUG" ? 2 : 1);
  const writer = await openLogWriter({ verbosity: detail, logFile, logLevel });
  return {
    // Of a request alone no failure is told: its statement tells it.
    observer: logLevel === "ERROR" ? undefined : observeRequests(writer, detail),
    statement: (ended) => logStatement(writer, ended, detail),
    cache: (event, facts) => writer.write(2, event, facts),
    connected: (properties) => writer.write(5, "connection", { properties }),
    hide: (secret) => writer.hide(secret),
    close: () => writer.close(),
  };
}

function logStatement(writer: LogWriter, ended: EndedStatement, detail: number): void {
  const { text, namesSecret, secrets } = hideLiterals(ended.text);
  const { command, rowCount, requests, elapsedMs } = ended;
  const measures = { statement: text, command, rowCount, requests, elapsedMs, ...counted(ended.outcomes) };
  const failed = ended.error ?? firstFailure(ended.outcomes);
  // Which of its parameters are secret is as unclear as of its literals.
  const hidden = namesSecret ? [...secrets, ...textsOf(ended.parameters)] : [];
  const parameters = namesSecret ? ended.parameters.map(() => "***") : ended.parameters;
  const more = detail < 5 ? {} : { parameters, ...scrub({ notices: ended.notices }, hidden) };
  if (failed === undefined) {
    const write = ended.notices.length === 0 ? writer.write : writer.warn;
    write(1, "statement", { ...measures, ...more });
  } else writer.error("statement failed", { ...measures, ...scrub(failureFields(failed), hidden), ...more });
}

function failureFields(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof StripeSqlError)) return { error: String(error) };
  const { message, sqlState, detail, hint, stripe } = error;
  return { error: message, sqlState, detail, hint, requestId: stripe.requestId };
}

function counted(outcomes: readonly WriteOutcome[]): Readonly<Record<string, number>> {
  if (outcomes.length === 0) return {};
  const count = (state: WriteOutcome["state"]) => outcomes.filter((outcome) => outcome.state === state).length;
  const inDoubt = outcomes.filter((one) => one.state === "failed" && one.error.stripe.inDoubt === true).length;
  const known = { written: count("written"), failed: count("failed") - inDoubt, notTried: count("not tried") };
  return inDoubt === 0 ? known : { ...known, inDoubt };
}

function firstFailure(outcomes: readonly WriteOutcome[]): StripeSqlError | undefined {
  const failed = outcomes.find((outcome) => outcome.state === "failed");
  return failed?.state === "failed" ? failed.error : undefined;
}

function textsOf(parameters: readonly SqlValue[]): readonly string[] {
  return parameters.map((value) => (typeof value === "object" ? exactText(value) : String(value)));
}

/** Very short texts are left: they turn up in any message, and tell nothing there. */
function scrub(fields: object, secrets: readonly string[]): object {
  const scrubbed = redactFields(
    fields,
    secrets.filter((secret) => secret.length > 2),
  );
  return typeof scrubbed === "object" && scrubbed !== null ? scrubbed : {};
}
