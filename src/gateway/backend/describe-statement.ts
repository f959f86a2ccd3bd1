import { formatAt } from "../../protocol/format-code.js";
import type { Query } from "../../syntax/expression.js";
import type { StatementMentions } from "../../syntax/postgres/mentions.js";
import type { CallStatement, PostgresStatement } from "../../syntax/postgres/postgres-statement.js";
import { columnNodes } from "../../syntax/walk-expression.js";
import { expressionsOf } from "../../syntax/walk-query.js";
import type { DescribeContext, RunContext, StatementDescription } from "../session/session-backend.js";
import type { BackendParts } from "./backend-parts.js";
import type { DescribedText } from "./described-statements.js";
import { namedColumns } from "./described-statements.js";
import { stripeTables } from "./mentions-of.js";
import { movedError } from "./moved-error.js";
import { describingClient } from "./statement-client.js";
import { isStripeSetting, readStripeSetting } from "./stripe-settings.js";

/** What PostgreSQL says of a statement's parameters and columns; fails as it does, with the place in the script. */
export async function describeStatement(
  statement: PostgresStatement,
  { settings, parameterTypes, signal }: DescribeContext,
  parts: BackendParts,
): Promise<StatementDescription> {
  if (statement.kind === "show" && isStripeSetting(statement.name))
    readStripeSetting(statement.name, undefined, parts.stripe);
  const text = statement.kind === "call" ? procedureQuery(statement) : statement.text;
  const named = "functions" in statement ? furtherColumns(statement, parts) : noColumns;
  const client = describingClient(statement, settings, parts);
  try {
    return await parts.described.describe({ text, parameterTypes, named }, client, signal);
  } catch (error) {
    throw movedError(error, statement.offset);
  }
}

/** The columns with the formats that they are wanted in. */
export async function fieldsOf(
  statement: PostgresStatement,
  { settings, parameters, resultFormats, signal }: RunContext,
  parts: BackendParts,
): Promise<StatementDescription["fields"]> {
  const { fields } = await describeStatement(statement, { settings, parameterTypes: parameters.types, signal }, parts);
  return fields?.map((field, index) => ({ ...field, format: formatAt(resultFormats, index) }));
}

const noColumns: DescribedText["named"] = new Map();

/** Columns that only those who name them have. */
function furtherColumns(
  statement: PostgresStatement & StatementMentions,
  { catalog }: BackendParts,
): DescribedText["named"] {
  const queries: readonly Query[] = "query" in statement ? [statement.query] : [];
  const conditions = "where" in statement && statement.where !== undefined ? [statement.where] : [];
  const nodes = [...queries.flatMap(expressionsOf), ...conditions].flatMap(columnNodes);
  return namedColumns(stripeTables(catalog, statement), new Set(nodes.map(({ name }) => name.toLowerCase())));
}

function procedureQuery({ text }: CallStatement): string {
  return text.replace(/^\s*CALL\b/i, "SELECT * FROM");
}
