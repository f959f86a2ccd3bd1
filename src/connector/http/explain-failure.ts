import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { explainInvalidInput } from "./explain-invalid-input.js";
import { explainStripeSqlError } from "./explain-stripe-sql-error.js";
import type { RpcFailureOptions } from "./rpc-failure.js";
import { RpcFailure } from "./rpc-failure.js";

/** The schemas that a request was held against. */
export type InputSchemas = { readonly [place in "params" | "querystring" | "body"]?: unknown };

/** What a request was held against. */
interface RequestRules {
  readonly schemas: InputSchemas;
  readonly bodyLimitBytes: number;
}

/** The answer to a request that ended with this error. One that nobody foresaw is told without its text, and kept as the cause. */
export function explainFailure(error: unknown, { schemas, bodyLimitBytes }: RequestRules): RpcFailure {
  if (error instanceof RpcFailure) return error;
  if (error instanceof StripeSqlError) return explainStripeSqlError(error, { namesFrom: "path", endedBy: undefined });
  if (hasZodFastifySchemaValidationErrors(error)) {
    const place = placeOf(error.validationContext);
    return explainInvalidInput({ issues: error.validation, place, schema: schemas[place] });
  }
  const foreseen = error instanceof Error && "code" in error ? frameworkFailures.get(error.code) : undefined;
  if (foreseen === undefined) return internalError(error);
  return new RpcFailure(foreseen.message, foreseen === bodyTooLarge ? withLimit(foreseen, bodyLimitBytes) : foreseen);
}

function placeOf(context: string | undefined): keyof InputSchemas {
  return context === "params" || context === "querystring" ? context : "body";
}

type Foreseen = RpcFailureOptions & { readonly message: string };

/** Source: https://fastify.dev/docs/latest/Reference/Errors/ */
const bodyTooLarge: Foreseen = {
  message: "the body is too large",
  status: "INVALID_ARGUMENT",
  reason: "BODY_TOO_LARGE",
  httpStatus: 413,
};

const withLimit = (failure: Foreseen, bytes: number): Foreseen => ({
  ...failure,
  metadata: { detail: `At most ${bytes} bytes are read.` },
});

const frameworkFailures: ReadonlyMap<unknown, Foreseen> = new Map<unknown, Foreseen>([
  [
    "FST_ERR_CTP_INVALID_MEDIA_TYPE",
    {
      message: "the body is to be JSON",
      status: "INVALID_ARGUMENT",
      reason: "UNSUPPORTED_CONTENT_TYPE",
      httpStatus: 415,
      metadata: { hint: "Send the header Content-Type: application/json." },
    },
  ],
  ["FST_ERR_CTP_BODY_TOO_LARGE", bodyTooLarge],
  [
    "FST_ERR_CTP_INVALID_CONTENT_LENGTH",
    {
      message: "the body is not as long as Content-Length says",
      status: "INVALID_ARGUMENT",
      reason: "MALFORMED_HTTP",
    },
  ],
  ["ECONNRESET", { message: "the client has gone", status: "CANCELLED", reason: "CLIENT_GONE" }],
  [
    "FST_ERR_BAD_URL",
    {
      message: "the path of the URL is not percent-encoded UTF-8",
      status: "INVALID_ARGUMENT",
      reason: "MALFORMED_URL",
    },
  ],
  [
    "FST_ERR_MAX_PARAM_LENGTH",
    {
      message: "a part of the path is too long",
      status: "INVALID_ARGUMENT",
      reason: "PATH_TOO_LONG",
      httpStatus: 414,
    },
  ],
]);

/** Whoever runs the server is to see the cause. */
export const unforeseenReason = "UNFORESEEN_ERROR";

function internalError(cause: unknown): RpcFailure {
  return new RpcFailure("internal error", {
    status: "INTERNAL",
    reason: unforeseenReason,
    metadata: { hint: "This is a mistake in stripe-sql; please report it." },
    cause,
  });
}
