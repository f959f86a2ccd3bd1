import type { Catalog, Table } from "../../catalog/catalog.js";
import type { PostgresSession } from "../../driver/postgres-session.js";
import type { StatementStream } from "../../driver/statement-stream.js";
import type { StatementWatch } from "../../driver/statement-watch.js";
import { SqlState } from "../../error/sql-state.js";
import type { ClientSettings } from "../../execute/postgres/client-settings.js";
import type { PostgresEngine } from "../../execute/postgres/postgres-engine.js";
import type { ClientStatement } from "../../execute/postgres/postgres-workspace.js";
import { PostgresStatementEngine } from "../../execute/postgres/postgres-workspace.js";
import { keptName } from "../../execute/postgres/schema/kept-name.js";
import { sessionViews } from "../../execute/postgres/schema/session-views.js";
import { readsActivity } from "../../execute/postgres/schema/show-activity.js";
import type { TurnSource } from "../../execute/postgres/turn-source.js";
import { formatAt } from "../../protocol/format-code.js";
import type { Query } from "../../syntax/expression.js";
import type { StatementMentions } from "../../syntax/postgres/mentions.js";
import type { PostgresStatement } from "../../syntax/postgres/postgres-statement.js";
import { sharedStatement } from "../../syntax/postgres/shared-statement.js";
import type * as shared from "../../syntax/statement.js";
import { columnNodes } from "../../syntax/walk-expression.js";
import { expressionsOf } from "../../syntax/walk-query.js";
import { quoteName } from "../../value/quote.js";
import type {
  DescribeContext,
  RunContext,
  SessionBackend,
  SettingStatement,
  StatementDescription,
  TransactionWrites,
} from "../session/session-backend.js";
import { sessionError } from "../session/session-error.js";
import type { Settings } from "../session/session-settings.js";
import type { SessionViews } from "../session/session-views.js";
import type { StatementResult } from "../session/statement-result.js";
import { noRows } from "../session/statement-result.js";
import type { TransactionView } from "../session/transaction-block.js";
import { decodeParameter } from "../types/decode-parameter.js";
import type { ConstantResults } from "./constant-results.js";
import { isConstant } from "./constant-results.js";
import type { DescribedStatements, DescribedText } from "./described-statements.js";
import { namedColumns, stripeTable } from "./described-statements.js";
import type { EngineQueries } from "./engine-queries.js";
import { requireNoConflict } from "./insert-conflicts.js";
import { movedError } from "./moved-error.js";
import type { ParsedStatements } from "./parsed-statements.js";
import type { ProcedureCall } from "./procedure-call.js";
import { procedureCall } from "./procedure-call.js";
import type { ReadSetting } from "./read-setting.js";
import { readSetting } from "./read-setting.js";
import { engineResult, streamResult } from "./result-rows.js";
import { copyFromNotSupported, notSupported, requireBound, requireNoSignal } from "./statement-refusals.js";
import type { StripeDefaults } from "./stripe-settings.js";
import { isStripeSetting, maxRequestsOf, readStripeSetting, stripeDefaults } from "./stripe-settings.js";
import { requireNoRowLocks, requireSeenEffects } from "./unseen-effects.js";

type Of<Kind extends PostgresStatement["kind"]> = Extract<PostgresStatement, { kind: Kind }>;
type Planned = Of<"query" | "insert" | "update" | "delete">;

export interface PostgresBackendParts {
  readonly catalog: Catalog;
  readonly engine: PostgresEngine;
  /** For what must not wait for others' long statements. */
  readonly prompt: TurnSource;
  readonly queries: EngineQueries;
  readonly parsed: ParsedStatements;
  readonly described: DescribedStatements;
  readonly constants: ConstantResults;
  readonly session: PostgresSession;
  /** What settings of ours are by default. */
  readonly stripe: StripeDefaults;
  /** True where nothing may be written. */
  readonly readOnly: boolean;
  /** The client as PostgreSQL sees it; without a transaction, in one of its own that only reads. */
  readonly clientOf: (settings: Settings, transaction?: TransactionView) => ClientSettings;
  readonly watch: StatementWatch;
}

/**
 * One client's statements over Stripe and the local PostgreSQL: what names tables of Stripe's goes by the planner, and
 * its text runs over the rows that were fetched; all else PostgreSQL answers alone.
 */
export class PostgresBackend implements SessionBackend {
  readonly #parts: PostgresBackendParts;

  constructor(parts: PostgresBackendParts) {
    this.#parts = parts;
  }

  get readOnly(): boolean {
    return this.#parts.readOnly;
  }

  get writes(): TransactionWrites {
    return this.#parts.session.writes;
  }

  parse(sql: string, settings: Settings): Promise<readonly PostgresStatement[]> {
    return this.#parts.parsed.parse(sql, settings);
  }

  async describe(
    statement: PostgresStatement,
    { settings, parameterTypes, signal }: DescribeContext,
  ): Promise<StatementDescription> {
    if (statement.kind === "show" && isStripeSetting(statement.name))
      readStripeSetting(statement.name, undefined, this.#parts.stripe);
    const text = statement.kind === "call" ? procedureQuery(statement) : statement.text;
    const named = "functions" in statement ? this.#named(statement) : noColumns;
    const client = this.#parts.clientOf(tellsSettings(statement) ? this.#withOwn(settings) : settings);
    try {
      return await this.#parts.described.describe({ text, parameterTypes, named }, client, signal);
    } catch (error) {
      throw movedError(error, statement.offset);
    }
  }

  async run(statement: PostgresStatement, context: RunContext): Promise<StatementResult> {
    const mentions = mentionsOf(statement);
    if (mentions !== undefined) requireSeenEffects(mentions);
    switch (statement.kind) {
      case "query":
        return this.#runQuery(statement, context);
      case "insert":
      case "update":
      case "delete":
        requireNoSignal(statement);
        this.#requireNoConflict(statement);
        return this.#runPlanned(statement, sharedStatement(statement), context);
      case "show":
        return this.#runOnEngine(statement, context);
      case "explain":
        return this.#explain(statement, context);
      case "copy-to":
        return this.#copy(statement, context);
      case "notification":
        return this.#notification(statement);
      case "maintenance":
        context.notice({ message: `${statement.action} has nothing to do: rows are Stripe's`, severity: "NOTICE" });
        return noRows(statement.action.toUpperCase());
      case "refused":
        throw statement.error;
      case "call":
        return this.#call(statement, context);
      case "copy-from":
        throw copyFromNotSupported(statement);
      case "lock":
      case "other":
        throw notSupported(statement);
      case "transaction":
      case "set":
      case "reset":
      case "discard":
      case "declare":
      case "fetch":
      case "close":
      case "prepare":
      case "execute":
      case "deallocate":
        throw new RangeError(`"${statement.kind}" is the session's own`);
    }
  }

  async readSetting(statement: SettingStatement, settings: Settings, signal: AbortSignal): Promise<ReadSetting> {
    const { queries, clientOf, stripe } = this.#parts;
    const { name } = statement;
    if (name !== undefined && isStripeSetting(name)) {
      const values = statement.kind === "set" ? statement.values : undefined;
      return readStripeSetting(name, values?.join(", "), stripe);
    }
    return readSetting(statement, settings, (sql, parameters) => queries.rows(sql, clientOf(parameters), signal));
  }

  close(): Promise<void> {
    return this.#parts.session.end();
  }

  async #runQuery(statement: Of<"query">, context: RunContext): Promise<StatementResult> {
    const call = procedureCall(statement, this.#parts.catalog);
    if (call !== undefined) return this.#runProcedure(statement, call, context);
    if (this.#tables(statement).length > 0) {
      if (statement.locks) requireNoRowLocks();
      return this.#runPlanned(statement, sharedStatement(statement), context);
    }
    return isConstant(statement) ? this.#runConstant(statement, context) : this.#runOnEngine(statement, context);
  }

  async #call(statement: Of<"call">, context: RunContext): Promise<StatementResult> {
    const call = procedureCall(statement, this.#parts.catalog);
    if (call !== undefined) return this.#runProcedure(statement, call, context);
    const name = [statement.schema, statement.procedure].filter((part) => part !== undefined).join(".");
    throw sessionError(`procedure ${name} does not exist`, SqlState.undefinedFunction, {
      hint: "\\df stripe.* lists them.",
      position: statement.position,
    });
  }

  /** The columns are those that PostgreSQL described; what rows do not hold is NULL. */
  async #runProcedure(
    statement: Of<"call" | "query">,
    { execute, writes, columns, selected }: ProcedureCall,
    context: RunContext,
  ): Promise<StatementResult> {
    if (writes) context.requireWritable("CALL");
    const fields = await this.#fieldsOf(statement, context);
    const names = selected ?? fields?.map(({ name }) => name) ?? [];
    const sources = names.map((name) => columns.find(({ stripeName }) => keptName(stripeName) === name)?.name ?? "");
    const run = await this.#stream(execute, statement, context);
    const kind = statement.kind === "call" ? "execute" : "select";
    return streamResult({ ...run, fields, isCopy: false, kind, notice: context.notice, sources });
  }

  /** By the planner: its rows are Stripe's. */
  async #runPlanned(
    statement: Planned | Of<"explain"> | Of<"copy-to">,
    planned: shared.Statement,
    context: RunContext,
  ): Promise<StatementResult> {
    const isCopy = statement.kind === "copy-to";
    const fields = isCopy ? undefined : await this.#fieldsOf(statement, context);
    requireBound(statement, context);
    const run = await this.#stream(planned, statement, context);
    return streamResult({ ...run, fields, isCopy, kind: planned.kind, notice: context.notice });
  }

  async #stream(planned: shared.Statement, statement: PostgresStatement, context: RunContext) {
    const { catalog, engine, queries, session, watch } = this.#parts;
    const client = this.#clientOf(context, { mentions: mentionsOf(statement) });
    const zone = await queries.zone(context.settings.get("TimeZone") ?? "UTC", client);
    const own: { tag: string | undefined } = { tag: undefined };
    const bound: ClientStatement = {
      ...this.#bound(statement.text, context),
      client,
      onTag: (tag) => {
        own.tag = tag;
      },
      onNotice: context.relay,
    };
    const { types, formats, values } = context.parameters;
    const stream: StatementStream = session.stream(
      planned,
      {
        engine: async () => new PostgresStatementEngine(engine, catalog, bound),
        zone,
        maxRequests: maxRequestsOf(context.settings, this.#parts.stripe),
        nowSeconds: context.transaction.startedMs / 1000,
        directWay: printsAsUsual(context.settings),
        watch,
        values: values.map((bytes, index) =>
          decodeParameter({ bytes, format: formatAt(formats, index), typeOid: types[index] ?? 0, place: index + 1 }),
        ),
      },
      { signal: context.signal },
    );
    return { stream, zone, own };
  }

  async #runConstant(statement: Of<"query">, context: RunContext): Promise<StatementResult> {
    const fields = await this.#fieldsOf(statement, context);
    const result = await this.#parts.constants.resultOf(statement, context.resultFormats, () =>
      this.#runOnEngine(statement, context),
    );
    return { ...result, fields };
  }

  /** By PostgreSQL alone. */
  async #runOnEngine(statement: PostgresStatement, context: RunContext): Promise<StatementResult> {
    const { engine, prompt, catalog } = this.#parts;
    const turns = readsActivity.test(statement.text) ? prompt : engine;
    const mentions = mentionsOf(statement);
    const client = this.#clientOf(context, { mentions, isTold: tellsSettings(statement) });
    const fields = statement.kind === "copy-to" ? undefined : await this.#fieldsOf(statement, context);
    requireBound(statement, context);
    let tag: string | undefined;
    const workspace = await new PostgresStatementEngine(turns, catalog, {
      ...this.#bound(statement.text, context),
      client,
      onTag: (given) => {
        tag = given;
      },
      onNotice: context.relay,
    }).session(context.signal);
    return engineResult(workspace, { text: statement.text, offset: statement.offset, fields, tag: () => tag ?? "" });
  }

  /** A statement that tells of settings has a transaction that says of itself what the client's is; others only read. */
  #clientOf(
    { settings, transaction, views }: RunContext,
    { mentions, isTold = false }: { readonly mentions: StatementMentions | undefined; readonly isTold?: boolean },
  ): ClientSettings {
    const own = { ...transaction, readOnly: transaction.readOnly || !isTold };
    const shown = isTold ? this.#withOwn(settings) : settings;
    return { ...this.#parts.clientOf(shown, own), views: viewSettings(views, mentions) };
  }

  /** With those of ours, which PostgreSQL does not know unless they are set. */
  #withOwn(settings: Settings): Settings {
    return new Map([...stripeDefaults(this.#parts.stripe), ...settings]);
  }

  /** What PostgreSQL says of the columns, with the formats that they are wanted in. */
  async #fieldsOf(
    statement: PostgresStatement,
    { settings, parameters, resultFormats, signal }: RunContext,
  ): Promise<StatementDescription["fields"]> {
    const { fields } = await this.describe(statement, { settings, parameterTypes: parameters.types, signal });
    return fields?.map((field, index) => ({ ...field, format: formatAt(resultFormats, index) }));
  }

  #bound(text: string, { parameters, resultFormats }: RunContext) {
    return {
      text,
      parameterTypes: parameters.types,
      parameterFormats: parameters.formats,
      parameters: parameters.values,
      resultFormats,
    };
  }

  async #explain(statement: Of<"explain">, context: RunContext): Promise<StatementResult> {
    const { statement: inner, options } = statement;
    const isPlanned =
      inner.kind === "insert" ||
      inner.kind === "update" ||
      inner.kind === "delete" ||
      (inner.kind === "query" && this.#tables(inner).length > 0);
    if (!isPlanned) return this.#runOnEngine(statement, context);
    this.#requireNoConflict(inner);
    const given = (name: string) => options.find((option) => option.name === name);
    const isOn = (name: string, byDefault: boolean): boolean => {
      const option = given(name);
      return option === undefined ? byDefault : !/^(false|off|0)$/i.test(option.values[0] ?? "true");
    };
    const explained: shared.ExplainStatement = {
      ...{ kind: "explain", text: statement.text, offset: statement.offset, parameters: [] },
      analyze: isOn("analyze", false),
      costs: isOn("costs", true),
      format: given("format")?.values[0]?.toLowerCase() === "json" ? "json" : "text",
      statement: sharedStatement(inner),
    };
    return this.#runPlanned(statement, explained, context);
  }

  async #copy(statement: Of<"copy-to">, context: RunContext): Promise<StatementResult> {
    const { source, destination } = statement;
    if (destination.kind !== "client") {
      throw sessionError("COPY to a file or program of the server is not supported", SqlState.featureNotSupported, {
        hint: "COPY … TO STDOUT, or psql's \\copy.",
      });
    }
    if (source.kind === "statement" && source.statement.kind !== "query") throw notSupported(statement);
    const query = source.kind === "statement" ? source.statement : await this.#tableQuery(source, context.settings);
    if (query?.kind !== "query") throw notSupported(statement);
    if (this.#tables(query).length === 0) return { ...(await this.#runOnEngine(statement, context)), isCopy: true };
    const select = sharedStatement(query);
    if (select.kind !== "select") throw notSupported(statement);
    const sql = {
      sql: statement.text,
      places: [{ start: 0, length: statement.text.length, position: statement.offset }],
    };
    return this.#runPlanned(statement, { ...select, text: statement.text, sql, isWhole: true }, context);
  }

  #requireNoConflict(statement: PostgresStatement): void {
    if (statement.kind === "insert") requireNoConflict(statement, stripeTable(this.#parts.catalog, statement.table));
  }

  /** What COPY of a table reads. */
  async #tableQuery({ table, columns }: Extract<Of<"copy-to">["source"], { kind: "table" }>, settings: Settings) {
    const schema = table.schema === undefined ? "" : `${quoteName(table.schema)}.`;
    const list = columns.length === 0 ? "*" : columns.map(quoteName).join(", ");
    return (await this.parse(`SELECT ${list} FROM ${schema}${quoteName(table.name)}`, settings))[0];
  }

  #notification({ action }: Of<"notification">): StatementResult {
    if (action === "notify") {
      throw sessionError("NOTIFY is not supported", SqlState.featureNotSupported, {
        detail: "Sessions of the gateway do not hear each other.",
      });
    }
    return noRows(action.toUpperCase());
  }

  #tables({ relations }: StatementMentions): readonly Table[] {
    return relations.flatMap((relation) => stripeTable(this.#parts.catalog, relation) ?? []);
  }

  /** Columns that only those who name them have. */
  #named(statement: PostgresStatement & StatementMentions) {
    const queries: readonly Query[] = "query" in statement ? [statement.query] : [];
    const conditions = "where" in statement && statement.where !== undefined ? [statement.where] : [];
    const nodes = [...queries.flatMap(expressionsOf), ...conditions].flatMap(columnNodes);
    return namedColumns(this.#tables(statement), new Set(nodes.map(({ name }) => name.toLowerCase())));
  }
}

const noColumns: DescribedText["named"] = new Map();

/** Whether the settings have values printed as they are where nothing is set. */
function printsAsUsual(settings: Settings): boolean {
  const isIso = (settings.get("DateStyle") ?? "ISO").startsWith("ISO");
  return isIso && Number(settings.get("extra_float_digits") ?? 1) > 0;
}

/** What a statement, or the one that it holds, mentions. */
function mentionsOf(statement: PostgresStatement): StatementMentions | undefined {
  if ("relations" in statement && "functions" in statement) return statement;
  if (statement.kind === "explain") return mentionsOf(statement.statement);
  return statement.kind === "copy-to" && statement.source.kind === "statement"
    ? mentionsOf(statement.source.statement)
    : undefined;
}

/** Views of the session have their rows of a setting each, where a statement names them. */
function viewSettings(views: SessionViews, mentions: StatementMentions | undefined): ReadonlyMap<string, string> {
  const named = (Object.keys(sessionViews) as (keyof typeof sessionViews)[]).filter((view) =>
    mentions?.relations.some(({ name }) => name === view),
  );
  return new Map(named.map((view) => [sessionViews[view], JSON.stringify(views[view]())]));
}

/** Whether a statement may tell which modes its transaction has. */
function tellsSettings(statement: PostgresStatement): boolean {
  if (statement.kind === "show") return true;
  return (
    statement.kind === "query" &&
    (statement.functions.some(({ name }) => name === "current_setting" || name === "pg_show_all_settings") ||
      statement.relations.some(({ name }) => name === "pg_settings"))
  );
}

function procedureQuery({ text }: Of<"call">): string {
  return text.replace(/^\s*CALL\b/i, "SELECT * FROM");
}
