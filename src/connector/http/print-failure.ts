import { redact } from "../../error/redact.js";
import type { HidePaths } from "./hide-paths.js";
import type { RpcFailure } from "./rpc-failure.js";
import type { RpcErrorBody } from "./schemas/rpc-error-schema.js";

/** What is sent for a failure. */
export interface PrintedFailure {
  readonly httpStatus: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON of a google.rpc.Status under "error". */
  readonly body: string;
}

export type PrintFailure = (failure: RpcFailure) => PrintedFailure;

/** Shorter texts turn up in innocent ones. */
const shortestSecret = 6;
const typePrefix = "type.googleapis.com/google.rpc.";

/**
 * Prints failures with nothing secret and no path of this machine in them, though a caller had put it into a name that is repeated.
 * Source: https://google.aip.dev/193
 */
export function failurePrinter(token: string, hidePaths: HidePaths): PrintFailure {
  const show = (text: string) => {
    const redacted = hidePaths(redact(text));
    return token.length < shortestSecret ? redacted : redacted.replaceAll(token, "***");
  };
  return (failure) => {
    const body: RpcErrorBody = {
      error: {
        code: failure.httpStatus,
        status: failure.status,
        message: show(failure.message),
        details: [errorInfo(failure, show), ...badRequest(failure, show), ...retryInfo(failure)],
      },
    };
    return {
      httpStatus: failure.httpStatus,
      headers: { ...jsonHeaders, ...retryHeader(failure), ...failure.headers },
      body: JSON.stringify(body),
    };
  };
}

const jsonHeaders = { "content-type": "application/json; charset=utf-8" };

type Show = (text: string) => string;

function errorInfo({ reason, metadata }: RpcFailure, show: Show) {
  const shown = Object.entries(metadata).map(([key, value]) => [key, show(value)]);
  return { "@type": `${typePrefix}ErrorInfo`, reason, domain: "stripe-sql", metadata: Object.fromEntries(shown) };
}

function badRequest({ violations }: RpcFailure, show: Show) {
  if (violations.length === 0) return [];
  const fieldViolations = violations.map((one) => ({ field: show(one.field), description: show(one.description) }));
  return [{ "@type": `${typePrefix}BadRequest`, fieldViolations }];
}

function retryInfo({ retryAfterMs }: RpcFailure) {
  if (retryAfterMs === undefined) return [];
  return [{ "@type": `${typePrefix}RetryInfo`, retryDelay: `${(retryAfterMs / 1000).toFixed(3)}s` }];
}

/** The header has whole seconds; 0 would ask for an attempt that fails again. */
function retryHeader({ retryAfterMs }: RpcFailure): Readonly<Record<string, string>> {
  return retryAfterMs === undefined ? {} : { "retry-after": String(Math.max(1, Math.ceil(retryAfterMs / 1000))) };
}
