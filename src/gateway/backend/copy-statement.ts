import { SqlState } from "../../error/sql-state.js";
import type { CopyToStatement, QueryStatement } from "../../syntax/postgres/postgres-statement.js";
import { sharedStatement } from "../../syntax/postgres/shared-statement.js";
import type { SelectStatement } from "../../syntax/statement.js";
import { quoteName } from "../../value/quote.js";
import { sessionError } from "../session/session-error.js";
import type { Settings } from "../session/session-settings.js";
import type { ParsedStatements } from "./parsed-statements.js";
import { notSupported } from "./statement-refusals.js";

/** What COPY … TO STDOUT reads: its query, or that of a table's rows. Fails with 0A000 where it is not for the client. */
export async function copiedQuery(
  statement: CopyToStatement,
  parsed: ParsedStatements,
  settings: Settings,
): Promise<QueryStatement> {
  const { source, destination } = statement;
  if (destination.kind !== "client") {
    throw sessionError("COPY to a file or program of the server is not supported", SqlState.featureNotSupported, {
      hint: "COPY … TO STDOUT, or psql's \\copy.",
    });
  }
  const query = source.kind === "statement" ? source.statement : (await parsed.parse(tableQuery(source), settings))[0];
  if (query?.kind !== "query") throw notSupported(statement);
  return query;
}

function tableQuery({ table, columns }: Extract<CopyToStatement["source"], { kind: "table" }>): string {
  const schema = table.schema === undefined ? "" : `${quoteName(table.schema)}.`;
  const list = columns.length === 0 ? "*" : columns.map(quoteName).join(", ");
  return `SELECT ${list} FROM ${schema}${quoteName(table.name)}`;
}

/** The query, planned as it is, while the text that runs over its rows is the COPY's own. */
export function sharedCopy(statement: CopyToStatement, query: QueryStatement): SelectStatement {
  const select = sharedStatement(query);
  if (select.kind !== "select") throw notSupported(statement);
  const { text, offset } = statement;
  const sql = { sql: text, places: [{ start: 0, length: text.length, position: offset }] };
  return { ...select, text, sql, isWhole: true };
}
