import type { Logger } from "pino";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { GatewayLog, SessionLog } from "./gateway-log.js";

/**
 * The gateway's lines of JSON: clients as they come and go, and each statement with what it took. No text of a statement
 * is logged: it may hold what is personal.
 */
export function jsonLog(log: Pick<Logger, "info" | "error">): GatewayLog {
  return {
    session: ({ user, database, address, settings }): SessionLog => {
      const client = { user, database, client: address, application: settings.get("application_name") };
      log.info(client, "client connected");
      return {
        begin: ({ kind }) => {
          const startedAt = performance.now();
          return ({ rows, requests, error }) => {
            const durationMs = Math.round((performance.now() - startedAt) * 10) / 10;
            const line = { ...client, statement: kind, durationMs, rows, requests };
            if (error === undefined) log.info(line, "statement");
            else log.info({ ...line, ...statementFailure(error) }, "statement failed");
          };
        },
        end: () => log.info(client, "client left"),
      };
    },
    refused: (error, address) => log.info({ client: address, ...failureOf(error) }, "client refused"),
    // The statement that is canceled has a line of its own.
    canceled: () => undefined,
  };
}

/** An error's words hold values of the statement: they are the client's alone. Stripe's number of the request is for its log. */
function statementFailure(error: unknown) {
  if (!(error instanceof StripeSqlError)) return failureOf(error);
  return { sqlState: error.sqlState, phase: error.phase, stripeRequest: error.stripe?.requestId };
}

/** What is none of ours is a defect, of which the log keeps the place. */
function failureOf(error: unknown) {
  if (error instanceof StripeSqlError) return { sqlState: error.sqlState, error: error.message };
  return { sqlState: "XX000", error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
