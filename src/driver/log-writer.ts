import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { redactFields } from "../stripe/redact-fields.js";
import type { LogLevel } from "./api.js";
import { secretSpellings } from "./secret-spellings.js";

/** 1: statements and errors; 2: requests and caches; 3: headers and bodies; 4: connections; 5: everything. */
export type Verbosity = 1 | 2 | 3 | 4 | 5;

/** Lines of JSON. Every text passes the redaction of secrets on its way. */
export interface LogWriter {
  /** A line where the log's verbosity is at least this. */
  write(verbosity: Verbosity, message: string, fields: object): void;
  /** The same for what went amiss without a failure. */
  warn(verbosity: Verbosity, message: string, fields: object): void;
  error(message: string, fields: object): void;
  /** Has a text taken out of every line from now on, however it is spelled: what nothing else recognises. */
  hide(secret: string): void;
  close(): void;
}

export interface LogWriterOptions {
  readonly verbosity: number;
  /** Least severity of a line. Default "INFO". */
  readonly logLevel?: LogLevel | undefined;
  /** File that is appended to, readable by its owner alone; default standard error. */
  readonly logFile: string | undefined;
}

const standardError = 2;

/** Fails with SQLSTATE 22023 where the file cannot be opened. */
export async function openLogWriter({ verbosity, logFile, logLevel = "INFO" }: LogWriterOptions): Promise<LogWriter> {
  const { pino } = await import("pino");
  const target = openTarget(pino.destination, logFile);
  const logger = pino({ name: "stripe-sql", base: { pid: process.pid }, level: thresholds[logLevel] }, target);
  const secrets = new Set<string>();
  const hidden: RegExp[] = [];
  let isOpen = true;
  const line = (level: "info" | "debug" | "trace" | "warn" | "error", message: string, fields: object) => {
    if (isOpen && logger.isLevelEnabled(level)) logger[level](redactFields(fields, hidden), message);
  };
  return {
    write: (wanted, message, fields) => {
      if (wanted <= verbosity) line(levels[wanted], message, fields);
    },
    warn: (wanted, message, fields) => {
      if (wanted <= verbosity) line("warn", message, fields);
    },
    error: (message, fields) => line("error", message, fields),
    hide: (secret) => {
      if (!secrets.has(secret)) hidden.push(...secretSpellings(secret));
      secrets.add(secret);
    },
    close: () => {
      if (isOpen && logFile !== undefined) target.end();
      isOpen = false;
    },
  };
}

/** How much of what is no warning is told is the verbosity's matter. */
const thresholds = { ERROR: "error", WARN: "warn", INFO: "trace", DEBUG: "trace" } as const;
const levels = { 1: "info", 2: "debug", 3: "debug", 4: "trace", 5: "trace" } as const;

function openTarget(destination: typeof import("pino")["destination"], logFile: string | undefined) {
  try {
    const target = destination({ dest: logFile ?? standardError, append: true, mkdir: true, mode: 0o600, sync: true });
    // A full disk costs the log, not the statement.
    target.on("error", (error: Error) => process.emitWarning(`The log cannot be written: ${error.message}`));
    return target;
  } catch (error) {
    throw new StripeSqlError("the log file cannot be opened", {
      sqlState: SqlState.invalidParameterValue,
      phase: "connect",
      detail: error instanceof Error ? error.message : String(error),
      hint: "Give LogFile the path of a file that can be written.",
      cause: error,
    });
  }
}
