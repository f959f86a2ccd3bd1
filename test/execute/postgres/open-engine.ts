import { afterAll, beforeAll } from "vitest";
import type { Catalog, Table } from "../../../src/catalog/catalog.js";
import type { ClientSettings } from "../../../src/execute/postgres/client-settings.js";
import type { FilledColumn } from "../../../src/execute/postgres/fill/table-filling.js";
import type { PostgresEngineOptions } from "../../../src/execute/postgres/postgres-engine.js";
import { PostgresEngine } from "../../../src/execute/postgres/postgres-engine.js";
import type { PostgresTurn } from "../../../src/execute/postgres/postgres-turn.js";
import type { Format } from "../../../src/protocol/format-code.js";
import { KeptBytes } from "../../../src/store/kept-bytes.js";
import { catalogVersion, openCatalog } from "../../../src/store/open-catalog.js";
import type { Cell } from "../../../src/value/cell.js";
import { ensureBuilt } from "../../support/built-program.js";
import type { Answer } from "./read-answer.js";
import { readAnswer } from "./read-answer.js";

export const client: ClientSettings = { user: "alice", database: "shop", parameters: new Map() };

/** The worker modules as they are compiled: a thread takes no TypeScript. */
export const workerFolder = new URL("../../../dist/execute/postgres/", import.meta.url);

export interface OpenEngine {
  readonly engine: PostgresEngine;
  readonly catalog: Catalog;
  table(name: string): Table;
  columns(table: Table, names: readonly string[]): readonly FilledColumn[];
  /** The answer of one statement in a turn of its own. */
  ask(sql: string, options?: AskOptions): Promise<Answer>;
}

export interface AskOptions {
  readonly client?: ClientSettings;
  readonly signal?: AbortSignal;
  readonly parameters?: readonly (Uint8Array | null)[];
  readonly formats?: { readonly parameters: readonly Format[]; readonly results: readonly Format[] };
  readonly fill?: (turn: PostgresTurn) => Promise<void> | void;
}

/** One engine for all tests of a file, whose database is made once for all files of a run. */
export function openEngine(options: Partial<PostgresEngineOptions> = {}): OpenEngine {
  let catalog: Catalog | undefined;
  let engine: PostgresEngine | undefined;
  beforeAll(() => {
    ensureBuilt();
    catalog = openCatalog();
    engine = new PostgresEngine({
      catalog,
      catalogVersion: catalogVersion(),
      snapshots: new KeptBytes(),
      workerFolder,
      ...options,
    });
  });
  afterAll(async () => {
    await engine?.close();
    catalog?.close();
  });
  const table = (name: string): Table => required(required(catalog).findTable(name)).table;
  return {
    get engine() {
      return required(engine);
    },
    get catalog() {
      return required(catalog);
    },
    table,
    columns: ({ columns, pseudoColumns }, names) =>
      names.map((name) => required([...columns, ...pseudoColumns].find(({ stripeName }) => stripeName === name))),
    ask: (sql, asked) => ask(required(engine), sql, asked),
  };
}

export async function ask(engine: PostgresEngine, sql: string, options: AskOptions = {}): Promise<Answer> {
  const turn = await engine.turn(options.client ?? client, options.signal);
  try {
    await options.fill?.(turn);
    return await run(turn, sql, options);
  } finally {
    await turn.end();
  }
}

/** The answer of a statement in a turn. */
export async function run(
  turn: PostgresTurn,
  sql: string,
  { parameters = [], formats }: AskOptions = {},
): Promise<Answer> {
  const pieces: Uint8Array[] = [];
  const running = turn.run({
    text: sql,
    parameterTypes: [],
    parameterFormats: formats?.parameters ?? [],
    parameters,
    resultFormats: formats?.results ?? [],
  });
  for await (const piece of running) pieces.push(piece);
  return readAnswer(Buffer.concat(pieces));
}

/** Columns of cells, of rows of them. */
export function byColumn(rows: readonly (readonly Cell[])[]): readonly (readonly Cell[])[] {
  return (rows[0] ?? []).map((_, index) => rows.map((row) => row[index] ?? null));
}

function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("there is none");
  return value;
}
