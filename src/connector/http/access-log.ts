import type { Logger } from "pino";
import { redact } from "../../error/redact.js";
import type { RequestRecord } from "./http-metrics.js";

/** A logger of pino's, or what logs like one. */
export type AccessLogger = Pick<Logger, "info" | "error">;

export interface AccessLog {
  /** One line for each request: no query, no body, no header. */
  request(record: RequestRecord & { readonly connection: string | undefined }): void;
  /** A failure that the caller is not told about. */
  internalError(error: unknown): void;
}

export function openAccessLog(logger: AccessLogger | undefined): AccessLog {
  return {
    request: ({ method, route, status, durationMs, connection }) => {
      const fields = { method, route, status, ms: Math.round(durationMs * 10) / 10, connection };
      logger?.info(fields, "request");
    },
    internalError: (error) => {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      logger?.error({ error: redact(text) }, "internal error");
    },
  };
}
