import type { Table } from "../../catalog/catalog.js";
import { findAnyColumn } from "./conjunction.js";
import type { Predicate } from "./predicate.js";
import type { Scalar } from "./scalar.js";

/**
 * `Status IN ('open', 'outstanding')` -> `Status IN ('open')`; `Status = 'outstanding'` -> no request; and a
 * notice that lists the real values. No row is lost: a column that Stripe declares as an enum holds one of its
 * values or NULL, and neither equals another text.
 */
export function rejectUnknownEnumValues(
  table: Table,
  predicates: readonly Predicate[],
): { readonly predicates: readonly Predicate[]; readonly notices: readonly string[] } {
  const notices: string[] = [];
  const checked = predicates.map((predicate): Predicate => {
    const wanted = textsOf(predicate);
    if (wanted === undefined) return predicate;
    const { enumValues } = findAnyColumn(table, wanted.column) ?? {};
    const unknown = enumValues === undefined ? [] : wanted.values.filter((text) => !enumValues.includes(text.value));
    if (enumValues === undefined || unknown.length === 0) return predicate;
    notices.push(
      `${table.name}.${wanted.column} is never ${unknown.map((text) => `'${text.value}'`).join(" or ")}; its values are ${enumValues.join(", ")}`,
    );
    const known = wanted.values.filter((value) => enumValues.includes(value.value));
    return known.length === 0 ? { kind: "never" } : { kind: "any-of", column: wanted.column, values: known };
  });
  return { predicates: checked, notices };
}

type TextScalar = Extract<Scalar, { type: "string" }>;

function textsOf(
  predicate: Predicate,
): { readonly column: string; readonly values: readonly TextScalar[] } | undefined {
  if (predicate.kind !== "any-of" && !(predicate.kind === "compare" && predicate.operator === "=")) return undefined;
  const values = predicate.kind === "any-of" ? predicate.values : [predicate.value];
  const texts = values.filter((value) => value.type === "string");
  return texts.length === values.length ? { column: predicate.column, values: texts } : undefined;
}
