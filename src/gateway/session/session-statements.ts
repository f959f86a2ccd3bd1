import { SqlState } from "../../error/sql-state.js";
import { decodeDataRow } from "../../protocol/decode-backend.js";
import { quoteText } from "../../value/quote.js";
import { changeSetting } from "./change-setting.js";
import { fetchRows } from "./cursors.js";
import { engineOf, engineSetting } from "./engine-setting.js";
import { ListenedChannels } from "./listened-channels.js";
import { Portal } from "./portal.js";
import { Portals } from "./portals.js";
import type { PreparedStatement } from "./prepared-statements.js";
import { PreparedStatements } from "./prepared-statements.js";
import type { ScriptStatement } from "./read-script.js";
import { readScript } from "./read-script.js";
import type { ReportedSettings } from "./reported-settings.js";
import type { TransactionParts } from "./run-transaction.js";
import { runTransaction } from "./run-transaction.js";
import type { DescribeContext, RunContext, SessionBackend, StatementDescription } from "./session-backend.js";
import { noParameters } from "./session-backend.js";
import { sessionError } from "./session-error.js";
import type { SessionSettings, Settings } from "./session-settings.js";
import { SessionState } from "./session-state.js";
import type { SessionStatement } from "./session-statement.js";
import { cursorRows, preparedRows } from "./session-views.js";
import type { StatementResult } from "./statement-result.js";
import { noRows } from "./statement-result.js";
import { TransactionBlock } from "./transaction-block.js";

type Of<Kind extends SessionStatement["kind"]> = Extract<SessionStatement, { kind: Kind }>;
/** What a statement runs with beside what is the session's. */
export interface Running
  extends Omit<RunContext, "settings" | "requireWritable" | "transaction" | "views" | "setConfig"> {
  /** Of a simple query, whether its text holds others; undefined in the extended query. */
  readonly simple?: { readonly isOneOfSeveral: boolean };
}

/**
 * The statements of one client: those that are its session's own are carried out here, the others by the backend under
 * the session's settings.
 */
export class SessionStatements {
  readonly settings: SessionSettings;
  readonly transaction: TransactionBlock;
  readonly prepared = new PreparedStatements();
  readonly portals = new Portals();
  readonly channels = new ListenedChannels();
  readonly #backend: SessionBackend;
  readonly #reported: ReportedSettings;

  constructor(backend: SessionBackend, settings: SessionSettings, reported: ReportedSettings) {
    this.#backend = backend;
    this.settings = settings;
    this.transaction = new TransactionBlock(settings, { readOnly: backend.readOnly, now: Date.now });
    this.#reported = reported;
  }

  /** Those of a simple query's text. */
  script(sql: string): AsyncGenerator<ScriptStatement> {
    return readScript(sql, {
      parse: (text) => this.#parse(text),
      engine: () => engineOf(this.settings.values),
    });
  }

  #parse(sql: string): Promise<readonly SessionStatement[]> {
    return this.#backend.parse(sql, this.settings.values);
  }

  /** Reads and describes the one statement of a text. */
  async prepare(sql: string, parameterTypes: readonly number[], signal: AbortSignal): Promise<PreparedStatement> {
    const [statement, another] = await this.#parse(sql);
    if (another !== undefined)
      throw sessionError("cannot insert multiple commands into a prepared statement", SqlState.syntaxError);
    const made = { sql, statement, isOfSql: false, preparedMs: Date.now() };
    if (statement === undefined) return { ...made, parameterTypes, fields: undefined, isKnownByRows: false };
    this.requireRunnable(statement);
    return { ...made, isKnownByRows: false, ...(await this.#describe(statement, { parameterTypes, signal })) };
  }

  async run(statement: SessionStatement, running: Running): Promise<StatementResult> {
    this.requireRunnable(statement);
    this.transaction.enter({ isOneOfSeveral: running.simple?.isOneOfSeveral ?? false });
    return this.#run(statement, running);
  }

  async #run(statement: SessionStatement, running: Running): Promise<StatementResult> {
    if (queries.has(statement.kind)) this.transaction.query();
    switch (statement.kind) {
      case "transaction":
        return runTransaction(statement, running.notice, this.#transactionParts);
      case "set":
      case "reset":
        return this.#set(statement, running);
      case "discard":
        return this.#discard(statement);
      case "declare":
        return this.#declare(statement, running);
      case "fetch":
        return this.#fetch(statement, running);
      case "close":
        return this.#close(statement);
      case "prepare":
        return this.#prepareNamed(statement, running);
      case "deallocate":
        return this.#deallocate(statement);
      case "execute":
        return this.#execute(statement, running);
      case "notification":
        return this.#listen(statement, running);
      case "refused":
        throw statement.error;
      case "insert":
      case "update":
      case "delete":
        this.transaction.requireWritable(statement.kind.toUpperCase());
        return this.#backend.run(statement, this.#context(running));
      case "explain":
        if (runsWrite(statement)) this.transaction.requireWritable("EXPLAIN ANALYZE of a write");
        return this.#backend.run(statement, this.#context(running));
      case "duckdb":
      case "query":
      case "call":
      case "show":
      case "copy-to":
      case "copy-from":
      case "lock":
      case "maintenance":
      case "other":
        return this.#backend.run(statement, this.#context(running));
    }
  }

  /** After the last statement of a text, and at Sync: what ends with a transaction ends where none was begun as well. */
  async endImplicitTransaction(): Promise<void> {
    if (this.transaction.status !== "idle") return;
    this.channels.commit();
    await this.portals.commit();
    if (this.transaction.endImplicit()) this.#reported.settle(this.settings.values);
  }

  /** A statement has failed: an implicit transaction ends with it. */
  async fail(): Promise<void> {
    if (!this.transaction.fail()) return;
    this.channels.rollback();
    await this.portals.rollback();
    this.#reported.settle(this.settings.values);
  }

  /** Fails with 25P02 in a failed transaction, which takes only what ends it. */
  requireRunnable(statement: SessionStatement): void {
    const endings = ["commit", "rollback", "rollback-to", "prepare"];
    if (statement.kind === "transaction" && endings.includes(statement.action)) return;
    this.transaction.requireUsable();
  }

  close(): Promise<void> {
    return this.portals.closeAll();
  }

  get #transactionParts(): TransactionParts {
    const { transaction, portals, channels } = this;
    const settle = () => this.#reported.settle(this.settings.values);
    return { transaction, portals, channels, writes: this.#backend.writes, settle };
  }

  #context(running: Running): RunContext {
    return {
      ...running,
      settings: this.settings.values,
      transaction: this.transaction.view,
      views: {
        pg_cursors: () => cursorRows(this.portals.all()),
        pg_prepared_statements: () => preparedRows(this.prepared.named()),
        pg_listening_channels: () => this.channels.all,
      },
      setConfig: ({ name, value, isLocal }) => {
        this.settings.set(name, value, { isLocal });
        this.#reported.settle(this.settings.values);
      },
      requireWritable: (command) => this.transaction.requireWritable(command),
    };
  }

  async #describe(
    statement: SessionStatement,
    context: Omit<DescribeContext, "settings">,
  ): Promise<StatementDescription> {
    switch (statement.kind) {
      case "fetch":
        return {
          parameterTypes: [],
          fields: statement.isMove ? undefined : this.portals.get(statement.cursor, "cursor").fields,
        };
      case "execute": {
        const { fields, isKnownByRows } = this.prepared.get(statement.name);
        return { parameterTypes: [], fields, isKnownByRows };
      }
      case "declare":
        return { ...(await this.#describe(statement.statement, context)), fields: undefined };
      case "duckdb":
      case "query":
      case "insert":
      case "update":
      case "delete":
      case "call":
      case "show":
      case "explain":
        return this.#backend.describe(statement, { settings: this.settings.values, ...context });
      case "transaction":
      case "set":
      case "reset":
      case "discard":
      case "close":
      case "copy-to":
      case "copy-from":
      case "prepare":
      case "deallocate":
      case "notification":
      case "lock":
      case "maintenance":
      case "other":
      case "refused":
        return { parameterTypes: [], fields: undefined };
    }
  }

  async #set(statement: Of<"set"> | Of<"reset">, { notice, signal }: Running): Promise<StatementResult> {
    const { settings, transaction } = this;
    const readSetting = (one: typeof statement) => this.#backend.readSetting(one, settings.values, signal);
    await changeSetting(statement, { settings, transaction, readSetting, notice });
    this.#reported.settle(settings.values);
    return noRows(statement.kind.toUpperCase());
  }

  async #discard({ target }: Of<"discard">): Promise<StatementResult> {
    if (target === "all") {
      if (this.transaction.isBlock)
        throw sessionError("DISCARD ALL cannot run inside a transaction block", SessionState.activeTransaction);
      await this.portals.closeAll();
      this.prepared.clear();
      this.settings.resetAll();
      this.channels.unlisten(undefined);
      this.#reported.settle(this.settings.values);
    }
    if (target === "all" || target === "temp") await this.#backend.discardTemporary();
    return noRows(`DISCARD ${target.toUpperCase()}`);
  }

  async #listen(statement: Of<"notification">, running: Running): Promise<StatementResult> {
    const { action, channel } = statement;
    if (action === "notify") return this.#backend.run(statement, this.#context(running));
    if (action === "listen" && channel !== undefined) this.channels.listen(channel);
    else this.channels.unlisten(channel);
    return noRows(action.toUpperCase());
  }

  async #declare(statement: Of<"declare">, running: Running): Promise<StatementResult> {
    const { cursor, isHeld, isBinary, isScrollable = false, statement: inner } = statement;
    if (!this.transaction.isBlock && !isHeld)
      throw sessionError("DECLARE CURSOR can only be used in transaction blocks", SessionState.noActiveTransaction);
    this.portals.requireFree(cursor);
    const context = this.#context(running);
    const { settings } = context;
    const { parameters, signal } = running;
    const asked = { settings, parameterTypes: parameters.types, signal };
    const { fields, isKnownByRows = false } = await this.#backend.describe(inner, asked);
    if (isKnownByRows) throw columnsUnknown();
    await this.portals.set(
      new Portal({
        ...{ name: cursor, sql: statement.text, isOwnText: false, statement: inner, isScrollable },
        ...{ fields, isBinary, isHeld },
        run: ({ formats, ...run }) =>
          this.#backend.run(inner, { ...context, ...run, resultFormats: formats, described: fields }),
      }),
    );
    return noRows("DECLARE CURSOR");
  }

  /** A simple query takes rows as the cursor was declared. */
  #fetch(statement: Of<"fetch">, { signal, resultFormats, simple }: Running): StatementResult {
    const portal = this.portals.get(statement.cursor, "cursor");
    const formats = simple === undefined ? resultFormats : [portal.isBinary ? ("binary" as const) : ("text" as const)];
    return fetchRows(portal, statement, { signal, formats });
  }

  async #close({ cursor }: Of<"close">): Promise<StatementResult> {
    if (cursor === undefined) await this.portals.closeAll();
    else {
      this.portals.get(cursor, "cursor");
      await this.portals.close(cursor);
    }
    return noRows(cursor === undefined ? "CLOSE CURSOR ALL" : "CLOSE CURSOR");
  }

  async #prepareNamed({ name, types, statement, text }: Of<"prepare">, running: Running): Promise<StatementResult> {
    this.prepared.requireFree(name);
    const parameterTypes = await this.#typesNamed(types, running);
    const described = await this.#describe(statement, { parameterTypes, signal: running.signal });
    const made = { sql: text, statement, isOfSql: true, preparedMs: Date.now(), isKnownByRows: false };
    this.prepared.set(name, { ...made, ...described });
    return noRows("PREPARE");
  }

  /** OIDs; 0, of a type that is to be inferred, for `unknown`. */
  async #typesNamed(names: readonly string[], running: Running): Promise<readonly number[]> {
    if (names.length === 0) return [];
    const oids = names.map((name) => `nullif(${quoteText(name)}::regtype, 'unknown'::regtype)::oid`).join(", ");
    const [query] = await this.#backend.parse(`SELECT ${oids}`, onPostgres(this.settings.values));
    const values = await this.#rowOf(query, { ...running, parameters: noParameters });
    return values.map((bytes) => (bytes === null ? 0 : Number(Buffer.from(bytes).toString())));
  }

  /** Its arguments are expressions, whose values only the engine can tell. */
  async #execute({ name, arguments: given, text }: Of<"execute">, running: Running): Promise<StatementResult> {
    const { statement, parameterTypes } = this.prepared.get(name);
    if (statement === undefined) return noRows("");
    if (given.length !== parameterTypes.length) {
      throw sessionError(`wrong number of parameters for prepared statement "${name}"`, SqlState.syntaxError, {
        detail: `Expected ${parameterTypes.length} parameters but got ${given.length}.`,
      });
    }
    const values = given.length === 0 ? [] : await this.#evaluate(argumentsOf(text), running);
    this.requireRunnable(statement);
    return this.#run(statement, { ...running, parameters: { types: parameterTypes, formats: [], values } });
  }

  async #evaluate(expressions: string, running: Running): Promise<readonly (Uint8Array | null)[]> {
    const [query] = await this.#parse(`SELECT ${expressions}`);
    return this.#rowOf(query, running);
  }

  /** The values of a query's last row, as texts. */
  async #rowOf(query: SessionStatement | undefined, running: Running): Promise<readonly (Uint8Array | null)[]> {
    if (query === undefined) return [];
    const { rows } = await this.#run(query, { ...running, resultFormats: [], described: undefined });
    let values: readonly (Uint8Array | null)[] = [];
    for await (const { bytes, count } of rows) if (count > 0) values = decodeDataRow(bytes.subarray(5));
    return values;
  }

  #deallocate({ name }: Of<"deallocate">): StatementResult {
    if (name === undefined) this.prepared.clear();
    else {
      this.prepared.get(name);
      this.prepared.delete(name);
    }
    return noRows(name === undefined ? "DEALLOCATE ALL" : "DEALLOCATE");
  }
}

/** Those that read or write: PostgreSQL takes a snapshot for them. */
const queries: ReadonlySet<SessionStatement["kind"]> = new Set([
  ...(["query", "insert", "update", "delete", "call", "explain", "declare", "copy-to", "copy-from"] as const),
  "duckdb",
]);

/** What only PostgreSQL can tell is asked of it, whichever engine the session has. */
function onPostgres(settings: Settings): Settings {
  return new Map([...settings, [engineSetting, "postgres"]]);
}

export function columnsUnknown() {
  return sessionError("the columns of the statement are not known before it has run", SqlState.featureNotSupported, {
    detail: "Its rows decide which there are.",
    hint: "List them, as in PIVOT … ON status IN ('draft', 'open'), or send it as a simple query.",
  });
}

/** Whether EXPLAIN carries out a write. */
function runsWrite({ statement, options }: Of<"explain">): boolean {
  const isWrite = statement.kind === "insert" || statement.kind === "update" || statement.kind === "delete";
  return isWrite && options.some(({ name }) => name === "analyze");
}

/** Of `EXECUTE name (a, b)`, "a, b". */
function argumentsOf(text: string): string {
  return text.slice(text.indexOf("(") + 1, text.lastIndexOf(")"));
}
