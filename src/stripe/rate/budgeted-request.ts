import type { HttpMethod } from "../../catalog/catalog.js";

/** What a request is, as far as limits ask. */
export interface BudgetedRequest {
  readonly method: HttpMethod;
  /** "/v1/customers/{customer}"; a path with ids in it does too. */
  readonly endpointPath: string;
  readonly budget: "read" | "write" | "search" | "files";
  /** With ids, and what is sent: for limits on one object. */
  readonly path?: string | undefined;
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  /** Connect account that the request is for, which has limits of its own; undefined: the key's. */
  readonly accountId?: string | undefined;
}
