import type { Catalog, Column, Procedure } from "../../catalog/catalog.js";
import { keptName } from "../../execute/postgres/schema/kept-name.js";
import { argumentParts } from "../../syntax/postgres/argument-parts.js";
import type { FunctionArgument } from "../../syntax/postgres/mentions.js";
import type { CallStatement, QueryStatement } from "../../syntax/postgres/postgres-statement.js";
import type { ExecuteStatement, Statement } from "../../syntax/statement.js";
import { snakeCase } from "../../value/naming.js";

/** A call that stands alone: of Stripe's, or of a function of ours. */
export interface ProcedureCall {
  /** What it is as a statement of any dialect. */
  readonly planned: Statement;
  /** False for a call that only reads. */
  readonly writes: boolean;
  /** Of the procedure's rows. */
  readonly columns: readonly Pick<Column, "name" | "stripeName">[];
  /** Names of the columns that are selected, as PostgreSQL keeps them; undefined for all. */
  readonly selected: readonly string[] | undefined;
}

/**
 * `CALL accept_quote('qt_1')`, and `SELECT … FROM accept_quote('qt_1')` where it only picks columns; undefined for
 * whatever else a statement is.
 */
export function procedureCall(statement: CallStatement | QueryStatement, catalog: Catalog): ProcedureCall | undefined {
  const called = calledAlone(statement);
  if (called === undefined) return undefined;
  const procedure = catalog.procedures().find(({ name }) => keptName(snakeCase(name)) === called.procedure);
  if (procedure === undefined) return undefined;
  return {
    planned: executeStatement(statement, called, procedure),
    writes: procedure.writes,
    columns: columnsOf(procedure, catalog),
    selected: statement.kind === "call" ? undefined : selectedColumns(statement),
  };
}

/** What a statement calls, where it does nothing else; undefined too for what is not in Stripe's schema. */
export function calledAlone(statement: CallStatement | QueryStatement): Called | undefined {
  const called = statement.kind === "call" ? statement : calledByQuery(statement);
  return called === undefined || (called.schema ?? "stripe") !== "stripe" ? undefined : called;
}

export type Called = Pick<CallStatement, "schema" | "procedure" | "arguments" | "position">;

function calledByQuery({ query, functions, relations }: QueryStatement): Called | undefined {
  const [called, another] = functions;
  if (called?.place !== "from" || another !== undefined || relations.length > 0) return undefined;
  if (query.kind !== "select" || query.from?.kind !== "function" || query.ctes.length > 0 || query.distinct)
    return undefined;
  const clauses = [query.where, query.having, query.qualify, query.limit, query.offset];
  const isBare = clauses.every((clause) => clause === undefined) && query.groupBy.length + query.orderBy.length === 0;
  const isPicked = query.items.every(({ expression }) => expression.kind === "column" || expression.kind === "star");
  return isBare && isPicked ? { ...called, procedure: called.name } : undefined;
}

/** Undefined where a star takes all of them; a star beside columns names them all, then those. */
export function selectedColumns({ query }: QueryStatement): readonly string[] | undefined {
  if (query.kind !== "select") return undefined;
  const names = query.items.flatMap(({ expression }) => (expression.kind === "column" ? [expression.name] : []));
  return names.length === query.items.length ? names : undefined;
}

function executeStatement(
  { text, offset, parameters }: CallStatement | QueryStatement,
  called: Called,
  procedure: Procedure,
): ExecuteStatement {
  const start = (called.position ?? offset) - offset;
  const parts = argumentParts(text, start);
  const count = parameters.at(-1) ?? 0;
  return {
    ...{ kind: "execute", text, offset },
    parameters: Array.from({ length: count }, (_, index) => String(index + 1)),
    procedure: { name: procedure.name, position: called.position ?? offset },
    arguments: called.arguments.flatMap((argument, index) => {
      const part = parts[index];
      // What a function's argument is by default is not given.
      if (part === undefined || isNull(argument)) return [];
      const { start: from, end } = part;
      const position = offset + from;
      const sql = { sql: text.slice(from, end), places: [{ start: 0, length: end - from, position }] };
      const name = parameterName(argument, index, procedure);
      return [{ name: { name, position }, value: { sql, expression: argument.value, position } }];
    }),
  };
}

const isNull = ({ value }: FunctionArgument): boolean => value.kind === "literal" && value.value.type === "null";

/** By its name, or by its place among the function's arguments. */
function parameterName({ name }: FunctionArgument, index: number, { parameters }: Procedure): string {
  const found =
    name === undefined ? parameters[index] : parameters.find((one) => keptName(snakeCase(one.name)) === name);
  return found?.name ?? name ?? `$${index + 1}`;
}

function columnsOf({ result }: Procedure, catalog: Catalog): readonly Column[] {
  switch (result.kind) {
    case "table":
      return catalog.findTable(result.table, result.schema)?.table.columns ?? [];
    case "object":
    case "list":
      return result.columns;
    case "stream":
      return [];
  }
}
