import type Database from "better-sqlite3";
import { z } from "zod";
import type { Facts } from "../value/list-facts.js";
import { mergedFact } from "../value/list-facts.js";
import type { FactName } from "./fact-name.js";
import { ifSqliteAllows } from "./if-sqlite-allows.js";
import type { SeenTable } from "./seen-table.js";

/** Of more facts than these the ones that were learned the longest ago are forgotten. */
const mostFacts = 4000;
/** Of so many lists that are told apart by what they were asked for, the size is kept in mind. */
const mostPassing = 2000;
/** Facts are written together, at most so often, and at the end. */
const writtenEachMs = 1000;

/** What was learned, in memory alone: it ends with the process. */
export class PassingFacts {
  readonly #facts = new Map<string, Facts[keyof Facts]>();

  find<Kind extends keyof Facts>(of: SeenTable, name: FactName<Kind>): Facts[Kind] | undefined {
    // What is kept under a name of this kind is a fact of this kind.
    return this.#facts.get(keyOf(of, name)) as Facts[Kind] | undefined;
  }

  learn<Kind extends keyof Facts>(of: SeenTable, name: FactName<Kind>, learned: Facts[Kind]): void {
    const key = keyOf(of, name);
    const known = this.find(of, name);
    const fact = unlessSame(known, mergedFact[name.kind](known, learned));
    this.#facts.delete(key);
    this.#facts.set(key, fact);
    const [oldest] = this.#facts.keys();
    if (this.#facts.size > mostPassing && oldest !== undefined) this.#facts.delete(oldest);
  }
}

const keyOf = ({ schema, table, account }: SeenTable, { kind, name }: FactName<keyof Facts>): string =>
  JSON.stringify([schema, table, account, kind, name]);

/** A plan that went by a fact is kept as long as the fact is the same object. */
function unlessSame<Fact>(known: Fact | undefined, fact: Fact): Fact {
  return known !== undefined && JSON.stringify(known) === JSON.stringify(fact) ? known : fact;
}

interface FactRow {
  readonly schema: string;
  readonly table: string;
  readonly account: string;
  readonly kind: string;
  readonly name: string;
  readonly fact: string;
}

/**
 * What was learned of lists, in SQLite, and all of it in memory: planning asks for it many times a statement. What other
 * processes learn is met a second later at worst.
 */
export class ListFactsStore {
  readonly #database: Database.Database;
  readonly #now: () => number;
  #facts: Map<string, Facts[keyof Facts]> | undefined;
  readonly #unwritten = new Map<string, FactRow>();
  #writtenMs = Number.NEGATIVE_INFINITY;
  #checkedMs = Number.NEGATIVE_INFINITY;
  #version: unknown;

  constructor(database: Database.Database, now: () => number) {
    this.#database = database;
    this.#now = now;
    // The name ends with the form of its facts.
    database.exec(
      `CREATE TABLE IF NOT EXISTS list_fact_1 (
         schema_name TEXT NOT NULL, table_name TEXT NOT NULL, account TEXT NOT NULL, kind TEXT NOT NULL,
         name TEXT NOT NULL, fact TEXT NOT NULL, learned_ms INTEGER NOT NULL,
         PRIMARY KEY (schema_name, table_name, account, kind, name)
       ) WITHOUT ROWID`,
    );
  }

  find<Kind extends keyof Facts>(of: SeenTable, name: FactName<Kind>): Facts[Kind] | undefined {
    // What is kept under a name of this kind was read as, or learned as, a fact of this kind.
    return this.#current().get(keyOf(of, name)) as Facts[Kind] | undefined;
  }

  learn<Kind extends keyof Facts>(of: SeenTable, name: FactName<Kind>, learned: Facts[Kind]): void {
    const facts = this.#current();
    const key = keyOf(of, name);
    const known = this.find(of, name);
    const fact = mergedFact[name.kind](known, learned);
    const text = JSON.stringify(fact);
    if (known === fact || (known !== undefined && JSON.stringify(known) === text)) return;
    facts.set(key, fact);
    this.#unwritten.set(key, { ...of, ...name, fact: text });
    if (this.#now() - this.#writtenMs >= writtenEachMs) this.flush();
  }

  /** Writes what was learned since it was last called. */
  flush(): void {
    if (this.#unwritten.size === 0) return;
    const now = this.#now();
    this.#writtenMs = now;
    const rows = [...this.#unwritten.values()];
    this.#unwritten.clear();
    ifSqliteAllows(() => {
      const insert = this.#database.prepare("INSERT OR REPLACE INTO list_fact_1 VALUES (?, ?, ?, ?, ?, ?, ?)");
      const forget = this.#database.prepare(
        `DELETE FROM list_fact_1 WHERE (schema_name, table_name, account, kind, name) IN (
           SELECT schema_name, table_name, account, kind, name FROM list_fact_1
           ORDER BY learned_ms DESC LIMIT -1 OFFSET ${mostFacts})`,
      );
      this.#database.transaction(() => {
        for (const { schema, table, account, kind, name, fact } of rows)
          insert.run(schema, table, account, kind, name, fact, now);
        forget.run();
      })();
    });
  }

  #current(): Map<string, Facts[keyof Facts]> {
    const now = this.#now();
    if (this.#facts !== undefined && Math.abs(now - this.#checkedMs) < writtenEachMs) return this.#facts;
    this.#checkedMs = now;
    const version = ifSqliteAllows(() => this.#database.pragma("data_version", { simple: true }));
    if (this.#facts !== undefined && version === this.#version) return this.#facts;
    this.#version = version;
    this.flush();
    this.#facts = this.#read(this.#facts);
    return this.#facts;
  }

  #read(known: ReadonlyMap<string, Facts[keyof Facts]> | undefined): Map<string, Facts[keyof Facts]> {
    const select = `SELECT schema_name AS schema, table_name AS "table", account, kind, name, fact FROM list_fact_1`;
    const rows = ifSqliteAllows(() => this.#database.prepare<unknown[], FactRow>(select).all()) ?? [];
    const read = new Map<string, Facts[keyof Facts]>();
    for (const { kind, name, fact, ...of } of rows) {
      const parsed = parsedFact(kind, fact);
      if (parsed === undefined) continue;
      const key = keyOf(of, { kind: parsed.kind, name });
      const before = known?.get(key);
      read.set(key, before === undefined ? parsed.fact : unlessSame(before, parsed.fact));
    }
    return read;
  }
}

const count = z.number().nonnegative();
const range = z.object({ minimum: z.number().optional(), maximum: z.number().optional() }).transform((bounds) => ({
  minimum: bounds.minimum,
  maximum: bounds.maximum,
}));
const schemas = {
  listed: z.object({
    parts: z.array(
      z.object({
        created: range,
        rows: count,
        spreads: z.record(z.string(), z.object({ values: z.array(z.number()), ranks: z.array(count) })),
        distinct: z.record(z.string(), z.object({ rows: count, distinct: count })),
        embedded: z.record(z.string(), z.object({ rows: count, cut: count })),
        shares: z.record(z.string(), z.record(z.string(), count)),
      }),
    ),
  }),
  keyed: z.object({ sourceRows: count, keys: count, asked: count, requests: count, rows: count }),
  mean: z.object({ lists: count, rows: count, requests: count }),
  completed: z.object({ objects: count, requests: count }),
} as const;

const isKind = (kind: string): kind is keyof Facts => kind in schemas;

/** Undefined for what another program has written there. */
function parsedFact(
  kind: string,
  text: string,
): { readonly kind: keyof Facts; readonly fact: Facts[keyof Facts] } | undefined {
  if (!isKind(kind)) return undefined;
  try {
    return { kind, fact: schemas[kind].parse(JSON.parse(text)) };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}
