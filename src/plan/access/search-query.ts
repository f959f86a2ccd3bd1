import type { SearchField } from "../../catalog/catalog.js";
import type { DomainValue } from "../predicate/domain.js";

/** Clauses that one query may have. Source: https://docs.stripe.com/search#search-query-language */
const maximumClauses = 10;

/** Of fewer characters Search looks for no part of a text. */
const shortestPart = 3;

/** Metadata holds no longer text, nor does any field that Search knows of. */
const longestValue = 500;

/** `email:"a@b.c"`; undefined where the language has no text for it. */
export function equalityClause({ field, type }: SearchField, value: DomainValue): string | undefined {
  if (type === "numeric")
    return typeof value === "number" && Number.isSafeInteger(value) ? `${field}:${value}` : undefined;
  if (type === "metadata") return undefined;
  const text = quoted(String(value));
  return text && `${field}:${text}`;
}

/** `created>=1767225600`; undefined for a field that is no number. */
export function boundClause({ field, type }: SearchField, operator: ">=" | "<=", bound: number): string | undefined {
  return type === "numeric" && Number.isSafeInteger(bound) ? `${field}${operator}${bound}` : undefined;
}

/** `metadata["order_id"]:"6735"`. */
export function metadataClause({ field, type }: SearchField, key: string, value: string): string | undefined {
  const text = quoted(value);
  return type === "metadata" && /^[A-Za-z0-9_-]{1,40}$/.test(key) && text !== undefined
    ? `${field}["${key}"]:${text}`
    : undefined;
}

/** `name~"smith"`, of texts that the language looks into. */
export function partClause({ field, type }: SearchField, part: string): string | undefined {
  const text = quoted(part);
  return type === "string" && part.trim().length >= shortestPart && text !== undefined ? `${field}~${text}` : undefined;
}

/** In double quotes, those within escaped. What no key types, or the language may read in its own way, is not sent. */
function quoted(text: string): string | undefined {
  if (text.trim() === "" || text.length > longestValue || /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(text)) return undefined;
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/** A condition as alternatives, of which one must hold. */
export interface SearchCondition {
  readonly clauses: readonly string[];
  /** True where it leaves few rows: an equality before a range. */
  readonly isNarrow: boolean;
}

/** Queries whose rows together are those of the conditions, and the conditions that they apply. */
export interface SearchQueries<Condition> {
  readonly queries: readonly string[];
  readonly applied: readonly Condition[];
}

/**
 * One query takes AND or OR, not both: alternatives of one condition alone are queries of OR, beside others a query of AND
 * for each. Of several conditions with alternatives the one of the fewest is sent, and of more than a query takes the
 * narrow ones: what is not sent leaves rows too many, which are judged here.
 */
export function searchQueries<Condition extends SearchCondition>(
  conditions: readonly Condition[],
): SearchQueries<Condition> | undefined {
  const able = [...conditions].sort((a, b) => Number(b.isNarrow) - Number(a.isNarrow));
  const single = able.filter(({ clauses }) => clauses.length === 1);
  const [several] = able
    .filter(({ clauses }) => clauses.length > 1 && clauses.length <= maximumAlternatives)
    .sort((a, b) => a.clauses.length - b.clauses.length);
  if (several === undefined) {
    const applied = single.slice(0, maximumClauses);
    return applied.length === 0 ? undefined : { queries: [joined(applied)], applied };
  }
  if (single.length === 0)
    return { queries: chunks(several.clauses).map((chunk) => chunk.join(" OR ")), applied: [several] };
  const beside = single.slice(0, maximumClauses - 1);
  if (several.clauses.length > maximumClauses) return { queries: [joined(beside)], applied: beside };
  const queries = several.clauses.map((clause) => `${clause} AND ${joined(beside)}`);
  return { queries, applied: [several, ...beside] };
}

/** More values than these are as many queries as a list has pages. */
const maximumAlternatives = 100;

const joined = (conditions: readonly SearchCondition[]): string =>
  conditions.flatMap(({ clauses }) => clauses).join(" AND ");

function chunks(clauses: readonly string[]): readonly (readonly string[])[] {
  return clauses.length <= maximumClauses
    ? [clauses]
    : [clauses.slice(0, maximumClauses), ...chunks(clauses.slice(maximumClauses))];
}
