import type { SdkHttpResponse } from "./http-route.js";

/** An answer whose body is not what Stripe sends. */
export class UnreadableAnswer extends Error {
  readonly status: number;
  readonly headers: ReturnType<SdkHttpResponse["getHeaders"]>;

  constructor(response: SdkHttpResponse, cause?: unknown) {
    super("The answer is not of Stripe's form", { cause });
    this.name = "UnreadableAnswer";
    this.status = response.getStatusCode();
    this.headers = response.getHeaders();
  }
}
