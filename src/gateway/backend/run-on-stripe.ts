import type { StatementStream } from "../../driver/statement-stream.js";
import { PostgresStatementEngine } from "../../execute/postgres/postgres-workspace.js";
import { keptName } from "../../execute/postgres/schema/kept-name.js";
import { formatAt } from "../../protocol/format-code.js";
import type {
  CallStatement,
  CopyToStatement,
  DeleteStatement,
  ExplainStatement,
  InsertStatement,
  PostgresStatement,
  QueryStatement,
  UpdateStatement,
} from "../../syntax/postgres/postgres-statement.js";
import type { Statement } from "../../syntax/statement.js";
import type { RunContext } from "../session/session-backend.js";
import type { Settings } from "../session/session-settings.js";
import type { StatementResult } from "../session/statement-result.js";
import { decodeParameter } from "../types/decode-parameter.js";
import type { BackendParts } from "./backend-parts.js";
import { boundStatement } from "./bound-statement.js";
import { fieldsOf } from "./describe-statement.js";
import type { ProcedureCall } from "./procedure-call.js";
import { streamResult } from "./result-rows.js";
import { runningClient } from "./statement-client.js";
import { requireBound } from "./statement-refusals.js";
import { maxRequestsOf } from "./stripe-settings.js";

export type PlannedStatement = QueryStatement | InsertStatement | UpdateStatement | DeleteStatement;

/**
 * Runs a statement that names tables of Stripe's: by the planner, and its own text over the rows that were fetched.
 *
 * @param planned The statement as any dialect has it.
 */
export async function runPlanned(
  statement: PlannedStatement | ExplainStatement | CopyToStatement,
  planned: Statement,
  { context, parts }: Running,
): Promise<StatementResult> {
  const isCopy = statement.kind === "copy-to";
  const described = isCopy ? undefined : await fieldsOf(statement, context, parts);
  const { fields, shown, engineFormats = context.resultFormats } = described ?? {};
  requireBound(statement, context);
  const run = await streamOf(planned, statement, { context: { ...context, resultFormats: engineFormats }, parts });
  return streamResult({ ...run, fields, shown, isCopy, kind: planned.kind, notice: context.notice });
}

/** Runs a call of Stripe's, or of a function of ours. The columns are those that PostgreSQL described; what rows do not hold is NULL. */
export async function runProcedure(
  statement: CallStatement | QueryStatement,
  { planned, writes, columns, selected }: ProcedureCall,
  { context, parts }: Running,
): Promise<StatementResult> {
  if (writes) context.requireWritable("CALL");
  const { fields } = await fieldsOf(statement, context, parts);
  const names = selected ?? fields?.map(({ name }) => name) ?? [];
  const sources = names.map((name) => columns.find(({ stripeName }) => keptName(stripeName) === name)?.name ?? "");
  const run = await streamOf(planned, statement, { context, parts });
  const kind = statement.kind === "call" ? "execute" : "select";
  return streamResult({ ...run, fields, isCopy: false, kind, notice: context.notice, sources });
}

export interface Running {
  readonly context: RunContext;
  readonly parts: BackendParts;
}

async function streamOf(planned: Statement, statement: PostgresStatement, { context, parts }: Running) {
  const { catalog, engine, queries, session, watch } = parts;
  const client = runningClient(statement, context, parts);
  const zone = await queries.zone(context.settings.get("TimeZone") ?? "UTC", client);
  const own: { tag: string | undefined } = { tag: undefined };
  const onTag = (tag: string): void => {
    own.tag = tag;
  };
  const bound = boundStatement(statement, { client, onTag }, { context, parts });
  const { types, formats, values } = context.parameters;
  const stream: StatementStream = session.stream(
    planned,
    {
      engine: async () => new PostgresStatementEngine(engine, catalog, bound),
      zone,
      maxRequests: maxRequestsOf(context.settings, parts.stripe),
      nowSeconds: context.transaction.startedMs / 1000,
      directWay: printsAsUsual(context.settings),
      watch,
      wantedRows: context.wantedRows,
      values: values.map((bytes, index) =>
        decodeParameter({ bytes, format: formatAt(formats, index), typeOid: types[index] ?? 0, place: index + 1 }),
      ),
    },
    { signal: context.signal },
  );
  return { stream, zone, own };
}

/** Whether the settings have values printed as they are where nothing is set. */
function printsAsUsual(settings: Settings): boolean {
  const isIso = (settings.get("DateStyle") ?? "ISO").startsWith("ISO");
  return isIso && Number(settings.get("extra_float_digits") ?? 1) > 0;
}
