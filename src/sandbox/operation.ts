import type { JsonObject } from "../value/json.js";
import type { AccountState, StripeObject } from "./account-state.js";

/** A request to one of Stripe's calls, with its parameters read and typed. */
export interface Call {
  /** Values of the path's placeholders, in order. */
  readonly keys: readonly string[];
  readonly parameters: JsonObject;
  /** "/v1/quotes/qt_1/accept" */
  readonly path: string;
}

/** What a call does to an account's state, and the object that it answers. */
export type Operation = (state: AccountState, call: Call) => StripeObject;

/** Operations by route: "POST /v1/quotes/{}/accept". */
export type OperationTable = Readonly<Record<string, Operation>>;

/** The key of a path with one placeholder. */
export function keyOf(call: Call): string {
  return call.keys[0] ?? "";
}
