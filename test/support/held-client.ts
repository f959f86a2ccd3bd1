import { canceledError } from "../../src/stripe/canceled-error.js";
import type { RequestScope } from "../../src/stripe/request-scope.js";
import { countRequest, requireRoom } from "../../src/stripe/request-scope.js";
import type { RequestSender } from "../../src/stripe/stripe-client.js";
import type { StripeRequest } from "../../src/stripe/stripe-request.js";
import type { JsonObject } from "../../src/value/json.js";

export interface HeldRequest {
  readonly path: string;
  readonly parameters: StripeRequest["parameters"];
  answer(object: JsonObject): void;
  fail(error: Error): void;
}

/** A client whose requests are answered when the test wants them to be, in whichever order. */
export class HeldClient implements RequestSender {
  readonly requests: HeldRequest[] = [];
  readonly #waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  request(request: StripeRequest, scope: RequestScope): Promise<JsonObject> {
    requireRoom(scope, request);
    countRequest(scope);
    return new Promise((resolve, reject) => {
      const { path, parameters } = request;
      scope.signal?.addEventListener("abort", () => reject(canceledError(scope.signal)));
      this.requests.push({ path, parameters, answer: resolve, fail: reject });
      for (const { count, resolve } of this.#waiting) if (this.requests.length >= count) resolve();
    });
  }

  /** The n-th request, once it has come. */
  async sent(position: number): Promise<HeldRequest> {
    if (this.requests.length <= position)
      await new Promise<void>((resolve) => this.#waiting.push({ count: position + 1, resolve }));
    const request = this.requests[position];
    if (request === undefined) throw new Error("a request went away");
    return request;
  }

  get paths(): readonly string[] {
    return this.requests.map(({ path }) => path);
  }
}

/** A page of a list as Stripe answers it. */
export function listPage(objects: readonly JsonObject[], hasMore = false): JsonObject {
  return { object: "list", data: objects, has_more: hasMore, url: "/" };
}
