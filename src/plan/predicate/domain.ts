import type { ComparisonOperator } from "../../syntax/expression.js";
import type { SqlType } from "../../value/sql-type.js";
import type { Predicate } from "./predicate.js";
import type { Scalar } from "./scalar.js";

export type DomainValue = string | number | boolean;

/** The values of one column that a conjunction of predicates leaves: a set, or an inclusive range of whole numbers. */
export interface Domain {
  readonly values: readonly DomainValue[] | undefined;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  /** True where the domain is a little wider than the predicates: a bound that came from now(). */
  readonly widened: boolean;
}

export const unbounded: Domain = { values: undefined, minimum: undefined, maximum: undefined, widened: false };

/** No value is left: the scan is empty. */
export const isImpossible = (domain: Domain): boolean =>
  domain.values?.length === 0 ||
  (domain.minimum !== undefined && domain.maximum !== undefined && domain.minimum > domain.maximum);

export const isUnbounded = (domain: Domain): boolean =>
  domain.values === undefined && domain.minimum === undefined && domain.maximum === undefined;

/**
 * The domain of a predicate, or undefined where it has none that this algebra can hold (then it is
 * unsupported). TIMESTAMPTZ and BIGINT columns hold whole numbers at Stripe, so an open or fractional
 * bound has an equal closed one: `> 5.5` and `> 5` are `>= 6`, `< 5.5` is `<= 5`.
 */
export function domainOf(predicate: Predicate, type: SqlType, wholeSeconds = true): Domain | undefined {
  if (type === "TIMESTAMPTZ" && !wholeSeconds) return fractionalTimeDomain(predicate);
  if (predicate.kind === "any-of") return valuesDomain(predicate.values, type);
  if (predicate.kind !== "compare") return undefined;
  if (predicate.operator === "<>") return type === "BOOLEAN" ? otherBoolean(predicate.value) : undefined;
  if (predicate.operator === "=") return valuesDomain([predicate.value], type);
  const bound = type === "TIMESTAMPTZ" || type === "BIGINT" ? numberOf(predicate.value, type) : undefined;
  if (bound === undefined) return undefined;
  if (!Number.isFinite(bound)) return beyondAll(predicate.operator, bound);
  const clock = predicate.value.type === "timestamp" && predicate.value.clock;
  return rangeOf(predicate.operator, bound, clock);
}

function rangeOf(operator: Exclude<ComparisonOperator, "=" | "<>">, bound: number, clock: boolean): Domain | undefined {
  switch (operator) {
    case ">=":
      return { ...unbounded, minimum: Math.ceil(bound), widened: clock };
    case ">":
      return { ...unbounded, minimum: Math.floor(bound) + 1, widened: clock };
    // DuckDB reads its clock later than the planner: a bound above that came from now() would lose rows.
    case "<=":
      return clock ? undefined : { ...unbounded, maximum: Math.floor(bound) };
    case "<":
      return clock ? undefined : { ...unbounded, maximum: Math.ceil(bound) - 1 };
  }
}

/** No time of Stripe's is infinite: all are on one side of it. */
function beyondAll(operator: string, bound: number): Domain | undefined {
  const isBelow = operator.startsWith("<");
  return isBelow === bound > 0 ? undefined : { ...unbounded, values: [] };
}

/** API v2 keeps fractions of a second: the bounds are moved outwards to whole seconds, and rows rechecked. */
function fractionalTimeDomain(predicate: Predicate): Domain | undefined {
  if (predicate.kind !== "compare" || (predicate.value.type === "timestamp" && predicate.value.clock)) return undefined;
  const bound = numberOf(predicate.value, "TIMESTAMPTZ");
  if (bound === undefined || predicate.operator === "<>") return undefined;
  if (!Number.isFinite(bound)) return predicate.operator === "=" ? undefined : beyondAll(predicate.operator, bound);
  const minimum = /[>=]/.test(predicate.operator.charAt(0)) ? Math.floor(bound) : undefined;
  const maximum = /[<=]/.test(predicate.operator.charAt(0)) ? Math.ceil(bound) : undefined;
  return { values: undefined, minimum, maximum, widened: true };
}

function valuesDomain(scalars: readonly Scalar[], type: SqlType): Domain | undefined {
  const values = new Set<DomainValue>();
  for (const scalar of scalars) {
    const value = domainValue(scalar, type);
    if (value === undefined) return undefined;
    if (value !== "no value") values.add(value.is);
  }
  return { ...unbounded, values: [...values] };
}

/** "no value" where no column of the type can equal the scalar: 1.5 in a column of whole numbers. */
function domainValue(scalar: Scalar, type: SqlType): { readonly is: DomainValue } | "no value" | undefined {
  switch (type) {
    case "VARCHAR":
      return scalar.type === "string" ? { is: scalar.value } : undefined;
    case "BOOLEAN":
      return booleanValue(scalar);
    case "BIGINT":
    case "TIMESTAMPTZ": {
      if (scalar.type === "timestamp" && scalar.clock) return undefined;
      const value = numberOf(scalar, type);
      if (value === undefined) return undefined;
      return Number.isInteger(value) ? { is: value } : "no value";
    }
    case "DOUBLE":
    case "DECIMAL":
    case "JSON":
      return undefined;
  }
}

/** What is not the one is the other, or NULL, which neither comparison is true of. */
function otherBoolean(scalar: Scalar): Domain | undefined {
  const value = booleanValue(scalar);
  return value && { ...unbounded, values: [!value.is] };
}

/** DuckDB casts 1 and 0 too. */
function booleanValue(scalar: Scalar): { readonly is: boolean } | undefined {
  if (scalar.type === "boolean") return { is: scalar.value };
  if (scalar.type === "number" && (scalar.value === 1 || scalar.value === 0)) return { is: scalar.value === 1 };
  if (scalar.type !== "string" || !/^(true|false)$/i.test(scalar.value)) return undefined;
  return { is: scalar.value.toLowerCase() === "true" };
}

function numberOf(scalar: Scalar, type: "BIGINT" | "TIMESTAMPTZ"): number | undefined {
  if (type === "TIMESTAMPTZ") return scalar.type === "timestamp" ? scalar.seconds : undefined;
  if (scalar.type === "number") return Number.isSafeInteger(Math.trunc(scalar.value)) ? scalar.value : undefined;
  return scalar.type === "string" && /^[+-]?\d{1,15}$/.test(scalar.value) ? Number(scalar.value) : undefined;
}

/** What both domains leave. */
export function intersect(a: Domain, b: Domain): Domain {
  const minimum = extreme(Math.max, a.minimum, b.minimum);
  const maximum = extreme(Math.min, a.maximum, b.maximum);
  const widened = a.widened || b.widened;
  const values = commonValues(a.values, b.values);
  if (values === undefined) return { values, minimum, maximum, widened };
  const inRange = values.filter(
    (value) =>
      typeof value !== "number" ||
      ((minimum === undefined || value >= minimum) && (maximum === undefined || value <= maximum)),
  );
  // A set whose numbers lie in the range says all that the range said.
  return { values: inRange, minimum: undefined, maximum: undefined, widened };
}

function commonValues(a: Domain["values"], b: Domain["values"]): Domain["values"] {
  if (a === undefined) return b;
  if (b === undefined) return a;
  const others = new Set(b);
  return a.filter((value) => others.has(value));
}

function extreme(
  choose: (a: number, b: number) => number,
  a: number | undefined,
  b: number | undefined,
): number | undefined {
  if (a === undefined) return b;
  return b === undefined ? a : choose(a, b);
}
