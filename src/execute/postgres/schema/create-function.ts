import type { Catalog, Column, Parameter, Procedure } from "../../../catalog/catalog.js";
import { snakeCase } from "../../../value/naming.js";
import { quoteName, quoteText } from "../../../value/quote.js";
import { columnTypes } from "./column-type.js";
import { columnComment, comment } from "./create-table.js";
import { columnName, keptName, relationName } from "./kept-name.js";

/** PostgreSQL's own limit on a function's arguments. */
const mostArguments = 100;

/** `AcceptQuote` -> `accept_quote`. */
function functionName({ name }: Procedure): string {
  return keptName(snakeCase(name));
}

/**
 * A procedure as tools see it. Whoever runs statements takes the call out of them, so that the body is reached only where
 * a procedure is called in the midst of a query, whose row it cannot be.
 */
export function createFunction(procedure: Procedure, catalog: Catalog): readonly string[] {
  const name = `${quoteName("stripe")}.${quoteName(functionName(procedure))}`;
  const parameters = procedure.parameters.slice(0, mostArguments);
  // After an argument with a default value PostgreSQL takes none without: what a nested object requires comes later.
  const firstOptional = parameters.findIndex(({ required }) => !required);
  const requiredCount = firstOptional === -1 ? parameters.length : firstOptional;
  const declared = parameters.map((parameter, index) => {
    const fallback = index < requiredCount ? "" : " DEFAULT NULL";
    return `${argumentName(parameter)} ${columnTypes[parameter.type]}${fallback}`;
  });
  const result = resultOf(procedure, catalog, new Set(parameters.map(argumentName)));
  const signature = `${name}(${parameters.map(({ type }) => columnTypes[type]).join(", ")})`;
  return [
    ...result.types,
    `CREATE FUNCTION ${name}(${declared.join(", ")}) RETURNS ${result.clause} LANGUAGE plpgsql AS ${quoteText(body(procedure))}`,
    ...comment(`FUNCTION ${signature}`, functionComment(procedure)),
  ];
}

function argumentName({ name }: Parameter): string {
  return quoteName(keptName(snakeCase(name)));
}

function body(procedure: Procedure): string {
  const name = functionName(procedure);
  const message = quoteText(`${name} cannot be called within a query`);
  const hint = quoteText(`It is a call of its own: CALL ${name}(…), or SELECT * FROM ${name}(…).`);
  return `BEGIN RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = ${message}, HINT = ${hint}; END`;
}

interface FunctionResult {
  readonly types: readonly string[];
  readonly clause: string;
}

function resultOf(procedure: Procedure, catalog: Catalog, taken: ReadonlySet<string>): FunctionResult {
  const { result } = procedure;
  switch (result.kind) {
    case "table": {
      const table = catalog.findTable(result.table, result.schema)?.table;
      return { types: [], clause: table === undefined ? "SETOF jsonb" : `SETOF ${relationName(table)}` };
    }
    case "object":
    case "list":
      return columnsResult(procedure, result.columns, taken);
    case "stream":
      return { types: [], clause: "bytea" };
  }
}

/** PostgreSQL takes no column of the result that is named as an argument is, so that such a result has a type of its own. */
function columnsResult(procedure: Procedure, all: readonly Column[], taken: ReadonlySet<string>): FunctionResult {
  const columns = all.filter(({ hidden }) => !hidden);
  const list = columns.map((column) => `${columnName(column)} ${columnTypes[column.type]}`).join(", ");
  if (columns.length === 0) return { types: [], clause: "SETOF jsonb" };
  if (!columns.some((column) => taken.has(columnName(column)))) return { types: [], clause: `TABLE (${list})` };
  const type = `${quoteName("stripe")}.${quoteName(keptName(`${functionName(procedure)}_result`))}`;
  return { types: [`CREATE TYPE ${type} AS (${list})`], clause: `SETOF ${type}` };
}

function functionComment({ description, parameters }: Procedure): string {
  const lines = parameters.map((parameter) => `- ${snakeCase(parameter.name)}: ${columnComment(parameter)}`);
  const further =
    parameters.length > mostArguments
      ? [`PostgreSQL shows the first ${mostArguments} of ${parameters.length} arguments.`]
      : [];
  return [description, ...further, ...lines].join("\n").trim();
}
