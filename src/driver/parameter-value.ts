import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { SqlValue } from "./api.js";

/** A program's value for a parameter, which may be anything: what could not be bound or sent as it is, is an error. */
export function parameterValue(value: unknown, name: string): SqlValue {
  checkValue(value, { name, within: [] });
  return value as SqlValue;
}

interface Place {
  readonly name: string;
  /** The arrays and objects that it stands in. */
  readonly within: readonly object[];
}

function checkValue(value: unknown, place: Place): void {
  switch (typeof value) {
    case "string":
      checkText(value, place);
      return;
    case "bigint":
      if (BigInt.asIntN(128, value) === value) return;
      throw unbindable(place, "a bigint of more than 128 bits");
    case "function":
    case "symbol":
      throw unbindable(place, `a ${typeof value}`);
    case "object":
      if (value !== null) checkObject(value, place);
      return;
    case "undefined":
    case "boolean":
    case "number":
  }
}

/** Half of a surrogate pair would become another character on its way. */
function checkText(text: string, { name }: Place): void {
  if (!/\p{Surrogate}/u.test(text)) return;
  throw new StripeSqlError(`parameter ${name} holds half a surrogate pair`, {
    sqlState: SqlState.untranslatableCharacter,
    phase: "plan",
  });
}

function checkObject(value: object, place: Place): void {
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw unbindable(place, "an invalid Date");
    return;
  }
  if (!Array.isArray(value) && !isPlain(value)) throw unbindable(place, `a ${nameOf(value)}`);
  if (place.within.includes(value)) throw unbindable(place, "a structure that holds itself");
  const within = [...place.within, value];
  for (const [key, item] of Object.entries(value)) {
    checkText(key, place);
    checkValue(item, { ...place, within });
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

const nameOf = (value: object): string => value.constructor?.name ?? "structure of a class";

function unbindable({ name }: Place, given: string): StripeSqlError {
  return new StripeSqlError(`parameter ${name} cannot take ${given}`, {
    sqlState: SqlState.invalidParameterValue,
    phase: "plan",
    hint: "A parameter is a text, a number, a bigint, a boolean, a Date, null, or an array or plain object for JSON.",
  });
}
