import type { RequestWait } from "../stripe/request-scope.js";

/** Is told how far a statement has come, at once, for whoever looks on. None of it may throw. */
export interface StatementWatch {
  /** A request was sent; a repeated attempt too. */
  sent(): void;
  /** How many requests the plan expects; undefined where it cannot tell. */
  expect(requests: number | undefined): void;
  fetched(rows: number): void;
  /** A request waits; the function is called once it does no more. */
  waitForRequest(what: RequestWait): () => void;
}
