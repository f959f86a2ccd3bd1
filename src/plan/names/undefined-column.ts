import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { didYouMean } from "../../error/suggestion.js";
import type { Expression } from "../../syntax/expression.js";
import { relationColumnNames } from "./relation.js";
import type { Scope, Source } from "./scope.js";

/**
 * Error 42703 for a name that can mean nothing here. Where a derived table, a CTE or a function is in
 * scope the name may be its column, and DuckDB is left to judge.
 */
export function rejectUndefinedColumn(node: Extract<Expression, { kind: "column" }>, scope: Scope): void {
  const scopes = enclosing(scope);
  const sources = scopes.flatMap((at) => at.sources);
  if (sources.some((source) => source.target === undefined) || sources.length === 0) return;
  const name = node.name.toLowerCase();
  const qualifier = node.table?.toLowerCase();
  const candidates = qualifier === undefined ? sources : sources.filter((source) => source.alias === qualifier);
  // A qualifier that is no table's alias may be a JSON column (`Metadata.order_id`): DuckDB knows.
  if (qualifier !== undefined && candidates.length === 0) return;
  const isAlias =
    qualifier === undefined &&
    scopes.some((at) => at.aliases.has(name) || at.sources.some((source) => source.alias === name));
  if (
    isAlias ||
    name === "rowid" ||
    candidates.some((source) => namesOf(source).some((known) => known.toLowerCase() === name))
  )
    return;
  throw rowAddresses.has(name) ? noRowAddress(node) : undefinedColumn(node, candidates);
}

function enclosing(scope: Scope): readonly Scope[] {
  return scope.parent === undefined ? [scope] : [scope, ...enclosing(scope.parent)];
}

function namesOf(source: Source): readonly string[] {
  return source.target === undefined ? [] : relationColumnNames(source.target);
}

/** `DESCRIBE Charge`, or of several tables `DESCRIBE Charge or Customer`. */
function describing(sources: readonly Source[]): string {
  const names = new Set(sources.flatMap(({ item }) => (item.kind === "table" ? [item.name] : [])));
  return `DESCRIBE ${names.size === 0 ? "a table" : [...names].join(" or ")}`;
}

function undefinedColumn(node: Extract<Expression, { kind: "column" }>, sources: readonly Source[]): StripeSqlError {
  const known = sources.flatMap(namesOf);
  const near = didYouMean(node.name, known);
  const hint = node.quoted
    ? [near, `A text takes single quotes: '${node.name.replaceAll("'", "''")}'; double quotes are for names.`]
        .filter((part) => part !== undefined)
        .join(" ")
    : (near ?? `${describing(sources)} lists its columns.`);
  return new StripeSqlError(`column "${node.name}" does not exist`, {
    sqlState: SqlState.undefinedColumn,
    phase: "plan",
    hint,
    position: node.position,
  });
}

/** What PostgreSQL knows of where and since when it keeps a row. Programs name it that have no key to go by. */
const rowAddresses: ReadonlySet<string> = new Set(["ctid", "xmin", "xmax", "cmin", "cmax"]);

function noRowAddress({ name, position }: Extract<Expression, { kind: "column" }>): StripeSqlError {
  return new StripeSqlError(`rows of Stripe have no "${name}"`, {
    sqlState: SqlState.featureNotSupported,
    phase: "plan",
    detail: "They are objects of Stripe's, which has no other address for them than their ids.",
    hint: 'Choose rows by "id". postgres_fdw takes "ctid" for an UPDATE or DELETE that it cannot send as a whole: one that joins a local table, calls a function such as now(), or has triggers.',
    position,
  });
}
