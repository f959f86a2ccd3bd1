import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { Parameters, SqlValue } from "./api.js";
import { parameterValue } from "./parameter-value.js";

/**
 * The values of a statement's parameters, in its order. Positions come from an array, names from an object;
 * a value too few or too many is an error, for it is more likely a slip than meant.
 */
export function bindValues(names: readonly string[], given: Parameters | undefined): readonly SqlValue[] {
  if (given !== undefined && !isContainer(given)) throw misbound("parameters are neither an array nor an object");
  if (names.length === 0 && (given === undefined || isEmpty(given))) return [];
  if (given === undefined) throw misbound(`the statement has ${count(names.length)} but no values were given`);
  return isPositional(given) ? bindPositions(names, given) : bindNames(names, given);
}

/** A program without types may give anything. */
function isContainer(given: unknown): boolean {
  return typeof given === "object" && given !== null && !(given instanceof Map || given instanceof Date);
}

function isPositional(given: Parameters): given is readonly SqlValue[] {
  return Array.isArray(given);
}

function isEmpty(given: Parameters): boolean {
  return Object.keys(given).length === 0;
}

function bindPositions(names: readonly string[], values: readonly SqlValue[]): readonly SqlValue[] {
  const positions = names.map((name, index) => (/^\d+$/.test(name) ? Number(name) - 1 : index));
  const needed = Math.max(0, ...positions.map((position) => position + 1));
  if (values.length !== needed)
    throw misbound(
      `the statement has ${count(needed)} but ${values.length} ${values.length === 1 ? "value was" : "values were"} given`,
    );
  return positions.map((position) => requirePresent(values[position], `$${position + 1}`));
}

function bindNames(names: readonly string[], values: { readonly [name: string]: SqlValue }): readonly SqlValue[] {
  const byName = new Map(
    Object.entries(values).map(([name, value]) => [name.replace(/^[@:$]/, "").toLowerCase(), value]),
  );
  const unknown = [...byName.keys()].find((name) => !names.some((known) => known.toLowerCase() === name));
  if (unknown !== undefined) throw misbound(`the statement has no parameter "${unknown}"`);
  return names.map((name) => requirePresent(byName.get(name.toLowerCase()), `"${name}"`));
}

/** undefined is most often a misspelt property of the caller's; null is how NULL is meant. */
function requirePresent(value: SqlValue | undefined, name: string): SqlValue {
  if (value === undefined) throw misbound(`no value was given for parameter ${name}`);
  return parameterValue(value, name);
}

const count = (number: number): string => `${number} parameter${number === 1 ? "" : "s"}`;

function misbound(message: string): StripeSqlError {
  return new StripeSqlError(message, {
    sqlState: SqlState.invalidParameterValue,
    phase: "plan",
    hint: "Give an array for ? and $1, an object for @name and :name; null for NULL.",
  });
}
