import type { Facts } from "../value/list-facts.js";

export interface FactName<Kind extends keyof Facts> {
  readonly kind: Kind;
  /** Tells what of the table the fact is of. */
  readonly name: string;
}
