import type { SearchEndpoint, SearchField, Table } from "../catalog/catalog.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { parseSearchQuery } from "../syntax/parse-search-query.js";
import type { SearchClause } from "../syntax/search-query.js";
import { typeOf } from "./object-shape.js";
import type { Condition } from "./object-store.js";
import { jsonAtPath } from "./object-store.js";
import { invalidRequest } from "./refusals.js";

/** Search fields that no column of the same name holds. */
const fieldPaths: Readonly<Record<string, readonly string[]>> = {
  "Invoice.subscription": ["parent", "subscription_details", "subscription"],
  "Invoice.last_finalization_error_code": ["last_finalization_error", "code"],
  "Invoice.last_finalization_error_type": ["last_finalization_error", "type"],
};

/**
 * The condition that a query in Stripe's Search language puts on a table's objects.
 * Source: https://docs.stripe.com/search#search-query-language
 */
export function searchCondition(table: Table, endpoint: SearchEndpoint, query: string): Condition {
  const parsed = parse(query);
  const conditions = parsed.clauses.map((clause) => clauseCondition(table, endpoint, clause));
  return {
    sql: conditions.map(({ sql }) => `(${sql})`).join(parsed.kind === "and" ? " AND " : " OR "),
    bindings: conditions.flatMap(({ bindings }) => bindings),
  };
}

function parse(query: string) {
  try {
    return parseSearchQuery(query);
  } catch (error) {
    if (!(error instanceof StripeSqlError)) throw error;
    const message =
      'We were unable to parse your search query. Try using the format `metadata["key"]:"value"` to query for metadata or ' +
      'key:"value" to query for other fields.';
    throw invalidRequest(message, { param: "query" });
  }
}

/** A negated clause also holds where the field is absent. */
function clauseCondition(table: Table, endpoint: SearchEndpoint, clause: SearchClause): Condition {
  const field = findField(table, endpoint, clause);
  const expression = jsonAtPath(pathOf(table, field, clause));
  const { sql, bindings } = matchCondition(expression, field, clause);
  return { sql: clause.negated ? `NOT coalesce(${sql}, FALSE)` : sql, bindings };
}

function findField(table: Table, endpoint: SearchEndpoint, clause: SearchClause): SearchField {
  const found = endpoint.fields.find(({ field }) => {
    const pattern = field
      .replaceAll(".", "\\.")
      .replace(/\{[a-z_]+\}|\$[a-z_]+/g, "[a-z0-9_]+")
      .replace(/\\\.\*$/, "\\..+");
    return new RegExp(`^${pattern}$`).test(clause.field);
  });
  if (found !== undefined) return found;
  const resource = table.stripePlural;
  throw invalidRequest(
    `Field \`${clause.field}\` is an unsupported search field for resource \`${resource}\`. See http://stripe.com/docs/search#query-fields-for-${resource.replaceAll("_", "-")} for a list of supported fields.`,
    { param: "query" },
  );
}

function pathOf(table: Table, field: SearchField, clause: SearchClause): readonly string[] {
  if (clause.key !== undefined) return [clause.field, clause.key.replaceAll('"', "")];
  const known = fieldPaths[`${typeOf(table)}.${clause.field}`];
  if (known !== undefined) return known;
  const column = table.columns.find(({ name }) => name === field.column);
  return column !== undefined && column.path.join(".") === clause.field ? column.path : clause.field.split(".");
}

function matchCondition(expression: string, field: SearchField, { match }: SearchClause): Condition {
  switch (match.operator) {
    case "null":
      return { sql: `${expression} IS NULL`, bindings: [] };
    case ":":
      return equality(expression, field, match.value.text);
    case "~":
      return substring(expression, field, match.value.text);
    case ">":
    case ">=":
    case "<":
    case "<=":
      return comparison(expression, { field, operator: match.operator, text: match.value.text });
  }
}

/** Texts are compared without regard to case; booleans come out of JSON as 1 and 0. */
function equality(expression: string, field: SearchField, text: string): Condition {
  if (field.type === "numeric") return { sql: `${expression} = ?`, bindings: [numberOf(field, text)] };
  if (text === "true" || text === "false") {
    return { sql: `${expression} = ? OR ${expression} = ?`, bindings: [text, text === "true" ? 1 : 0] };
  }
  return { sql: `${expression} = ? COLLATE NOCASE`, bindings: [text] };
}

function substring(expression: string, field: SearchField, text: string): Condition {
  if (field.type !== "string") throw unsupportedOperator(field, "~");
  if (text.length < 3)
    throw invalidRequest("Substring search queries must be at least 3 characters long.", { param: "query" });
  return { sql: `instr(lower(${expression}), lower(?)) > 0`, bindings: [text] };
}

function comparison(
  expression: string,
  { field, operator, text }: { readonly field: SearchField; readonly operator: string; readonly text: string },
): Condition {
  if (field.type !== "numeric") throw unsupportedOperator(field, operator);
  return { sql: `${expression} ${operator} ?`, bindings: [numberOf(field, text)] };
}

function numberOf(field: SearchField, text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value))
    throw invalidRequest(`Field \`${field.field}\` must be compared with a number.`, { param: "query" });
  return value;
}

function unsupportedOperator(field: SearchField, operator: string): Error {
  return invalidRequest(`Field \`${field.field}\` doesn't support the operator \`${operator}\`.`, { param: "query" });
}
