import type { Parameter } from "../catalog/catalog.js";
import type { SqlValue } from "../driver/api.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { ExactNumber } from "../value/exact-number.js";
import type { EntityFields } from "./connector.js";

export type PayloadField = readonly [name: string, value: SqlValue];

/** What a payload's field may name. */
export interface PayloadInput extends Pick<Parameter, "name" | "type"> {}

/** Usable in every payload: the Connect account to act as. */
export const accountField = "AccountId";

const account: PayloadInput = { name: accountField, type: "VARCHAR" };

/**
 * A payload's fields under the names that statements know them by. They may come in Stripe's spelling, as a filter's
 * do: "address_city" is AddressCity. A name that is none of these stays as it is, for the statement to refuse.
 */
export function payloadFields(payload: EntityFields, inputs: readonly PayloadInput[]): readonly PayloadField[] {
  const known = new Map([account, ...inputs].map((input) => [plainName(input.name), input]));
  const fields = Object.entries(payload).map(([name, given]): PayloadField => {
    const value = given instanceof ExactNumber ? given.text : given;
    const input = known.get(plainName(name));
    return input === undefined ? [name, value] : [input.name, inputValue(value, input)];
  });
  const given = new Set<string>();
  for (const [name] of fields) {
    if (given.has(name)) throw givenTwice(name);
    given.add(name);
  }
  return fields;
}

/** No two inputs of a call differ in nothing but case and underscores. */
const plainName = (name: string): string => name.replaceAll("_", "").toLowerCase();

/** Actions give times as the text of Unix seconds: such a text is taken again, as filters take it. */
function inputValue(value: SqlValue, { type }: PayloadInput): SqlValue {
  return type === "TIMESTAMPTZ" && typeof value === "string" && /^\d{9,11}$/.test(value) ? Number(value) : value;
}

function givenTwice(name: string): StripeSqlError {
  return new StripeSqlError(`field "${name}" is given twice`, {
    sqlState: SqlState.invalidParameterValue,
    phase: "plan",
    hint: "AddressCity and address_city are one field.",
  });
}
