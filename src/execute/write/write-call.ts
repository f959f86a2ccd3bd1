import type { WriteRequest } from "../../plan/write/write-plan.js";
import type { StripeRequest } from "../../stripe/stripe-request.js";
import { newIdempotencyKey, takesIdempotencyKey } from "../../stripe/stripe-request.js";
import { keyForCall } from "./key-for-call.js";

/** One request of a write as it is sent, and as a journal keeps it: plain data, that could be sent again. */
export interface WriteCall
  extends Pick<StripeRequest, "method" | "path" | "endpointPath" | "parameters" | "accountId" | "apiBase"> {
  /** The key of the statement: the caller's, or a new one. */
  readonly statement: string;
  /** Its place among the statement's calls, from 0. */
  readonly index: number;
  /** The id of the object that is written, where it is known before the call. */
  readonly id: string | undefined;
  /** Of this call alone, the same for all of its attempts; undefined where the method takes none. */
  readonly idempotencyKey: string | undefined;
}

/** The calls of one statement, each with its key. */
export function writeCalls(requests: readonly WriteRequest[], statementKey: string | undefined): readonly WriteCall[] {
  const statement = statementKey ?? newIdempotencyKey();
  return requests.map((request, index) => {
    const { endpoint, path, parameters, accountId, id } = request;
    const { method, path: endpointPath, apiBase } = endpoint;
    return {
      ...{ statement, index, method, path, endpointPath, parameters, accountId, apiBase, id },
      // Without one, what is gone stays gone.
      idempotencyKey: takesIdempotencyKey({ method, path }) ? keyForCall(statement, request, index) : undefined,
    };
  });
}
