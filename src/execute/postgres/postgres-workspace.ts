import type { BuiltInView } from "../../catalog/built-in-view.js";
import type { Catalog, Naming, Table } from "../../catalog/catalog.js";
import { postgresNaming } from "../../catalog/postgres-naming.js";
import type { BackendFrame } from "../../protocol/backend-frames.js";
import { decodeCommandTag, decodeResponse } from "../../protocol/decode-backend.js";
import type { BoundStatement } from "../../protocol/frontend-messages.js";
import type { Cell } from "../../value/cell.js";
import type { EngineDescription, EngineSession, SessionTable } from "../engine/engine-session.js";
import type { LocalEngine } from "../engine/local-engine.js";
import type { RunOptions } from "../engine/run-options.js";
import type { RowSource, Tuple } from "../row-source.js";
import { givenRows, rowMessages } from "../row-source.js";
import { checkedFrames, refusalError } from "./backend-error.js";
import type { ClientSettings } from "./client-settings.js";
import type { FilledColumn } from "./fill/table-filling.js";
import type { PostgresTurn } from "./postgres-turn.js";
import { plainStatement, readRows } from "./read-rows.js";
import { RowSpool } from "./row-spool.js";
import type { SettingChange } from "./schema/held-settings.js";
import { setState } from "./schema/held-settings.js";
import { signalState } from "./schema/show-activity.js";
import type { TurnSource } from "./turn-source.js";

/** A client's statement as it came, with what only PostgreSQL needs to know of it. */
export interface ClientStatement extends BoundStatement {
  readonly client: ClientSettings;
  /** Built-in views that the text names or that those name, each behind those that it reads. */
  readonly views: readonly BuiltInView[];
  /** Told of the tag at the end of the statement's own text: "COPY 5". */
  readonly onTag: (tag: string) => void;
  /** Told of a NoticeResponse, whole. */
  readonly onNotice: (frame: Uint8Array) => void;
  /** Told of what `set_config` set; what it throws ends the statement. */
  readonly onSetting: (change: SettingChange) => void;
}

/** The local PostgreSQL as the engine of one statement: its rows wait here until the text runs, in one turn. */
export class PostgresStatementEngine implements LocalEngine {
  readonly #engine: TurnSource;
  readonly #catalog: Catalog;
  readonly #statement: ClientStatement;

  constructor(engine: TurnSource, catalog: Catalog, statement: ClientStatement) {
    this.#engine = engine;
    this.#catalog = catalog;
    this.#statement = statement;
  }

  /** The zone is the client's own, among its settings. */
  async session(signal?: AbortSignal): Promise<EngineSession> {
    return new PostgresWorkspace(this.#engine, this.#catalog, this.#statement, signal);
  }
}

interface FilledTable {
  readonly table: Table;
  readonly columns: readonly FilledColumn[];
  readonly batches: (readonly (readonly Cell[])[])[];
}

class PostgresWorkspace implements EngineSession {
  readonly #engine: TurnSource;
  readonly #catalog: Catalog;
  readonly #statement: ClientStatement;
  readonly #signal: AbortSignal | undefined;
  readonly #tables = new Map<string, FilledTable>();
  readonly #running = new Set<Promise<void>>();
  #isForWrite = false;

  constructor(engine: TurnSource, catalog: Catalog, statement: ClientStatement, signal: AbortSignal | undefined) {
    this.#engine = engine;
    this.#catalog = catalog;
    this.#statement = statement;
    this.#signal = signal;
  }

  /** A division by zero fails in PostgreSQL anyway. */
  async openForWrite(): Promise<void> {
    this.#isForWrite = true;
  }

  /** What is no table of the catalog is PostgreSQL's own, which has its rows. */
  async createTable(session: SessionTable): Promise<void> {
    const schema = session.schema === "sql" ? undefined : session.schema;
    const match = this.#catalog.findTable(session.name, schema);
    if (match === undefined) return;
    const { table } = match;
    const naming = postgresNaming(table, session.name);
    const columns = session.columns.map(({ name }) => columnNamed(table, name, naming));
    this.#tables.set(keyOf(session), { table, columns, batches: [] });
  }

  async append(session: SessionTable, columns: readonly (readonly Cell[])[]): Promise<void> {
    this.#tables.get(keyOf(session))?.batches.push(columns);
  }

  async clear(session: SessionTable): Promise<void> {
    this.#tables.get(keyOf(session))?.batches.splice(0);
  }

  /** The client's own text was described already. */
  async check(sql: string): Promise<void> {
    if (sql === this.#statement.text) return;
    await this.#inTurn(async (turn) => {
      this.#prepare(turn);
      const described = await turn.describe({ text: sql, parameterTypes: this.#statement.parameterTypes });
      if (described.kind === "refused") throw refusalError(described.refusal, sql);
    });
  }

  /** PostgreSQL describes the client's own text, before it is planned. */
  async describe(): Promise<EngineDescription> {
    return { columns: undefined, parameters: new Map() };
  }

  async run({ sql }: RunOptions): Promise<RowSource> {
    return this.#isForWrite ? this.#runForCells(sql, this.#statement) : this.#runForMessages(sql);
  }

  /** The turn lasts until PostgreSQL has given all rows, however slowly they are taken here. */
  #runForMessages(sql: string): RowSource {
    const spool = new RowSpool();
    const isOwn = sql === this.#statement.text;
    const running = this.#inTurn(async (turn) => {
      await this.#fill(turn);
      const frames = turn.run({ ...this.#statement, text: sql });
      // Left, the frames end what runs: nobody reads its rows.
      for await (const piece of frames) if (!(await spool.write(piece))) break;
    }).then(
      () => spool.finish(),
      (error: unknown) => spool.finish(error),
    );
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
    return { columns: rowMessages, batches: this.#rows(spool, { sql, isOwn }) };
  }

  async #runForCells(text: string, statement: Omit<BoundStatement, "resultFormats">): Promise<RowSource> {
    return this.#inTurn(async (turn) => {
      await this.#fill(turn);
      const { columns, tuples } = await readRows(turn, { ...statement, text });
      const output = columns.map(({ name, type }) => ({ name, type }));
      return givenRows(output, tuples);
    });
  }

  runTree(text: string): Promise<RowSource> {
    return this.#runForCells(text, plainStatement(text));
  }

  runInTurn(options: RunOptions): Promise<RowSource> {
    return this.run(options);
  }

  async close(): Promise<void> {
    await Promise.all(this.#running);
  }

  async *#rows(
    spool: RowSpool,
    { sql, isOwn }: { readonly sql: string; readonly isOwn: boolean },
  ): AsyncGenerator<readonly Tuple[]> {
    try {
      for (let piece = await spool.read(); piece !== undefined; piece = await spool.read()) {
        const tuples: Tuple[] = [];
        for (const frame of checkedFrames(piece, sql)) {
          if (outgoing.has(frame.type)) tuples.push([frame.bytes]);
          else this.#told(frame, isOwn);
        }
        if (tuples.length > 0) yield tuples;
      }
    } finally {
      await spool.close();
    }
  }

  #told({ type, body, bytes }: BackendFrame, isOwn: boolean): void {
    if (type === "N" && !this.#isOurs(body)) this.#statement.onNotice(bytes);
    if (type === "C" && isOwn) this.#statement.onTag(decodeCommandTag(body));
  }

  /** Whether a notice is of a function that asks for a signal, or has set a setting: it is done, and nobody's to read. */
  #isOurs(body: Uint8Array): boolean {
    const { sqlState, message } = decodeResponse(body);
    if (sqlState === setState) this.#statement.onSetting(JSON.parse(message));
    if (sqlState !== signalState) return sqlState === setState;
    const [kind, processId] = message.split(" ");
    if (kind === "cancel" || kind === "terminate") this.#statement.client.monitor?.signal(kind, Number(processId));
    return true;
  }

  async #fill(turn: PostgresTurn): Promise<void> {
    this.#prepare(turn);
    for (const { table, columns, batches } of this.#tables.values())
      for (const cells of batches) await turn.fill(table, columns, cells);
  }

  #prepare(turn: PostgresTurn): void {
    for (const { table, columns } of this.#tables.values()) turn.prepare(table, columns);
    turn.fillViews(this.#statement.views);
  }

  async #inTurn<Value>(work: (turn: PostgresTurn) => Promise<Value>): Promise<Value> {
    const turn = await this.#engine.turn(this.#statement.client, this.#signal);
    try {
      return await work(turn);
    } finally {
      await turn.end();
    }
  }
}

const keyOf = ({ schema, name }: SessionTable): string => JSON.stringify([schema ?? null, name]);

function columnNamed(table: Table, name: string, naming: Naming): FilledColumn {
  const wanted = name.toLowerCase();
  const column = [...table.columns, ...table.pseudoColumns].find(
    (one) => (naming === "sql" ? one.name : one.stripeName).toLowerCase() === wanted,
  );
  if (column === undefined) throw new RangeError(`"${table.name}" has no column "${name}"`);
  return column;
}

/** Rows, and all of a COPY to the client. */
const outgoing: ReadonlySet<string> = new Set(["D", "H", "d", "c"]);
