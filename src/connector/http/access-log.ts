import type { Logger } from "pino";
import type { WriteRecord } from "../../driver/write-record.js";
import { redact } from "../../error/redact.js";
import type { ConnectorMethod } from "../connector.js";
import type { RequestRecord } from "./http-metrics.js";

/** A logger of pino's, or what logs like one. */
export type AccessLogger = Pick<Logger, "info" | "error">;

export interface AccessLog {
  /** One line for each request: no query, no body, no header. */
  request(record: RequestRecord & { readonly connection: string | undefined }): void;
  /** One line for each call that wrote, or may have. */
  write(write: CallWrite): void;
  /** A failure that the caller is not told about. */
  internalError(error: unknown): void;
}

/** A call that sent a write. */
export interface CallWrite {
  readonly connection: string;
  readonly method: ConnectorMethod;
  /** The address that the request came from: of a proxy, where there is one. */
  readonly client: string | undefined;
  /** What it wrote; undefined where nobody is left who knows, as its node has ended. */
  readonly write: WriteRecord | undefined;
}

export function openAccessLog(logger: AccessLogger | undefined): AccessLog {
  return {
    request: ({ method, route, status, durationMs, connection }) => {
      const fields = { method, route, status, ms: Math.round(durationMs * 10) / 10, connection };
      logger?.info(fields, "request");
    },
    write: ({ connection, method, client, write }) => {
      logger?.info({ connection, call: method, client, ...(write ?? { inDoubt: true }) }, "write");
    },
    internalError: (error) => {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      logger?.error({ error: redact(text) }, "internal error");
    },
  };
}
