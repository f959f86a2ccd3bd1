import { redact } from "../error/redact.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { RequestObserver } from "../stripe/request-observer.js";

/** How a statement ended. */
export interface EndedStatement {
  readonly text: string;
  readonly rowCount: number;
  readonly requests: number;
  readonly elapsedMs: number;
  readonly error: unknown;
}

/** The log of a connection. Its texts hold no secrets. */
export interface StatementLog {
  /** Told of requests from verbosity 2 on. */
  readonly observer: RequestObserver | undefined;
  statement(ended: EndedStatement): void;
}

export interface LogOptions {
  /** 1: statements and errors; 2 and above: each request, too. Parameters and bodies are never logged. */
  readonly verbosity: number;
  /** File that is appended to, readable by its owner alone; default standard error. */
  readonly logFile: string | undefined;
}

/** A log of JSON lines; undefined where none was asked for. */
export async function openStatementLog({ verbosity, logFile }: LogOptions): Promise<StatementLog | undefined> {
  if (logFile === undefined && verbosity < 2) return undefined;
  const { destination, pino } = await import("pino");
  const target = destination({ dest: logFile ?? 2, append: true, mkdir: true, mode: 0o600, sync: true });
  const logger = pino({ name: "stripe-sql", base: { pid: process.pid } }, target);
  return {
    observer: verbosity < 2 ? undefined : { sent: () => {}, answered: (request) => logger.info(request, "request") },
    statement: ({ text, error, ...measures }) => {
      const statement = redact(text);
      if (error === undefined) logger.info({ statement, ...measures }, "statement");
      else logger.error({ statement, ...measures, ...failure(error) }, "statement failed");
    },
  };
}

function failure(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof StripeSqlError)) return { error: redact(String(error)) };
  return { error: error.message, sqlState: error.sqlState, requestId: error.stripe.requestId };
}
