import type { Catalog } from "../../catalog/catalog.js";
import { metricNames } from "../../catalog/metrics/metrics.js";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { didYouMean } from "../../error/suggestion.js";
import { formatAt } from "../../protocol/format-code.js";
import type { CallStatement, PostgresStatement, ShowStatement } from "../../syntax/postgres/postgres-statement.js";
import { quoteText } from "../../value/quote.js";
import type { DescribeContext, RunContext, StatementDescription } from "../session/session-backend.js";
import type { BackendParts } from "./backend-parts.js";
import { movedError } from "./moved-error.js";
import { namedColumns, shownFields } from "./named-columns.js";
import { describingClient } from "./statement-client.js";
import { isStripeSetting, readStripeSetting } from "./stripe-settings.js";

interface EngineDescription extends StatementDescription {
  /** Those of the engine's fields that are the statement's, by their places; undefined for all. */
  readonly shown: readonly number[] | undefined;
  /** How many the engine gives. */
  readonly engineFields: number;
}

/** What PostgreSQL says of a statement's parameters and columns; fails as it does, with the place in the script. */
export async function describeStatement(
  statement: PostgresStatement,
  { settings, parameterTypes, signal }: DescribeContext,
  parts: BackendParts,
): Promise<EngineDescription> {
  if (statement.kind === "show") await requireOwnSetting(statement, { settings, signal }, parts);
  const text = statement.kind === "call" ? procedureQuery(statement) : statement.text;
  const named = namedColumns(statement, parts.catalog);
  const client = describingClient(statement, settings, parts);
  try {
    const described = await parts.described.describe({ text, parameterTypes, named }, client, signal);
    const { fields } = described;
    const shown = fields && shownFields(statement, fields, { named, catalog: parts.catalog });
    return {
      ...described,
      fields: shown === undefined ? fields : fields?.filter((_, place) => shown.includes(place)),
      shown,
      engineFields: fields?.length ?? 0,
    };
  } catch (error) {
    throw withNearNames(movedError(error, statement.offset), parts.catalog);
  }
}

/** PostgreSQL says which relation there is not, and no more. */
function withNearNames(error: unknown, catalog: Catalog): unknown {
  if (!(error instanceof StripeSqlError) || error.sqlState !== SqlState.undefinedTable) return error;
  const [, wanted] = /^relation "(.+)" does not exist$/.exec(error.message) ?? [];
  if (wanted === undefined || error.hint !== undefined) return error;
  const tables = catalog
    .tables()
    .map(({ schema, stripePlural }) => (schema === "v2" ? `v2.${stripePlural}` : stripePlural));
  return error.with({
    hint: didYouMean(wanted, [...tables, ...metricNames]) ?? "\\dt stripe.* and \\dv metrics.* list what there is.",
  });
}

/** SHOW of a name that others have made up: the one backend knows it, this session does not. Fails with 42704. */
async function requireOwnSetting(
  { name }: ShowStatement,
  { settings, signal }: Pick<DescribeContext, "settings" | "signal">,
  { stripe, queries, clientOf }: BackendParts,
): Promise<void> {
  if (isStripeSetting(name)) readStripeSetting(name, undefined, stripe);
  else if (name.includes(".") && !settings.has(name.toLowerCase()))
    await queries.rows(`SELECT current_setting(${quoteText(name)})`, clientOf(settings), signal);
}

/** What a statement that runs gives. */
export interface RunFields extends Pick<EngineDescription, "shown"> {
  /** With the formats that they are wanted in. */
  readonly fields: StatementDescription["fields"];
  /** Of all that the engine gives, as Bind has them. */
  readonly engineFormats: RunContext["resultFormats"];
}

export async function fieldsOf(
  statement: PostgresStatement,
  { settings, parameters, resultFormats, signal }: RunContext,
  parts: BackendParts,
): Promise<RunFields> {
  const described = await describeStatement(statement, { settings, parameterTypes: parameters.types, signal }, parts);
  const { shown, engineFields } = described;
  const fields = described.fields?.map((field, index) => ({ ...field, format: formatAt(resultFormats, index) }));
  if (shown === undefined || resultFormats.length < 2) return { fields, shown, engineFormats: resultFormats };
  const engineFormats = Array.from(
    { length: engineFields },
    (_, place) => fields?.[shown.indexOf(place)]?.format ?? "text",
  );
  return { fields, shown, engineFormats };
}

function procedureQuery({ text }: CallStatement): string {
  return text.replace(/^\s*CALL\b/i, "SELECT * FROM");
}
