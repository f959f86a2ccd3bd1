import type { Table } from "../catalog/catalog.js";
import { findAnyColumn } from "./conjunction.js";
import type { Predicate } from "./predicate.js";

/**
 * `Status = 'outstanding'` -> no request and a notice that lists the real values. No row is lost: a column
 * that Stripe declares as an enum holds one of its values or NULL, and neither equals another text.
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
    const unknown = enumValues === undefined ? [] : wanted.texts.filter((text) => !enumValues.includes(text));
    if (enumValues === undefined || unknown.length === 0) return predicate;
    notices.push(
      `${table.name}.${wanted.column} is never ${unknown.map((text) => `'${text}'`).join(" or ")}; its values are ${enumValues.join(", ")}`,
    );
    return unknown.length === wanted.texts.length ? { kind: "never" } : predicate;
  });
  return { predicates: checked, notices };
}

function textsOf(predicate: Predicate): { readonly column: string; readonly texts: readonly string[] } | undefined {
  if (predicate.kind !== "any-of" && !(predicate.kind === "compare" && predicate.operator === "=")) return undefined;
  const values = predicate.kind === "any-of" ? predicate.values : [predicate.value];
  const texts = values.flatMap((value) => (value.type === "string" ? [value.value] : []));
  return texts.length === values.length ? { column: predicate.column, texts } : undefined;
}
