import type { Pagination } from "../catalog/catalog.js";
import type { StripeRequest } from "./stripe-request.js";

/** A list or search to be read page by page. */
export interface ListCall
  extends Pick<StripeRequest, "path" | "endpointPath" | "parameters" | "accountId" | "apiBase"> {
  readonly budget: "read" | "search" | "files";
  readonly pagination: Pagination;
  /** Rows wanted in all; default all there are. */
  readonly limit?: number | undefined;
  /** Fields of its rows that are read; default all. */
  readonly fields?: ReadonlySet<string> | undefined;
  /** Rows of a page that the endpoint allows, 100 on most. */
  readonly pageSize: number;
  /**
   * True where every row will be read: the next page is then asked for while one is being worked on.
   * Default false: a page is asked for only when it is wanted, so that stopping costs no request.
   */
  readonly readAll?: boolean | undefined;
}
