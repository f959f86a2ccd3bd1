import type { DuckdbEngine } from "../execute/duckdb/duckdb-engine.js";
import type { ArrayParameters } from "../syntax/expand-arrays.js";
import type { Views } from "../syntax/expand-views.js";
import { parseScript } from "../syntax/parse-script.js";
import type { UnrunStatement } from "./unrun-statement.js";
import { unrunStatement } from "./unrun-statement.js";
import { builtInViews } from "./views/built-in-views.js";

/** Texts of statements that are kept, and the longest of them in characters: programs say the same few again and again. */
const keptTexts = 200;
const longestKept = 4000;

/** Parses SQL, and keeps what the last texts were read as: a statement says the same however often it is run. */
export class ParsedTexts {
  readonly #engine: () => Promise<DuckdbEngine>;
  /** The one that was asked for longest ago is first. */
  readonly #kept = new Map<string, readonly UnrunStatement[]>();

  constructor(engine: () => Promise<DuckdbEngine>) {
    this.#engine = engine;
  }

  /** The statements of a script; fails as `parseScript` does. */
  parse(sql: string): readonly UnrunStatement[] {
    const known = this.#kept.get(sql);
    if (known === undefined && sql.length > longestKept) return this.#read(sql);
    const statements = known ?? this.#read(sql);
    this.#kept.delete(sql);
    this.#kept.set(sql, statements);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > keptTexts && oldest !== undefined) this.#kept.delete(oldest);
    return statements;
  }

  /** The statement with its session's views written out: not kept, as they are one session's. */
  withViews(statement: UnrunStatement, views: Views): UnrunStatement {
    const builtIn = [statement.text, ...[...views.values()].map(({ sql }) => sql)].flatMap((sql) => [
      ...builtInViews(sql),
    ]);
    const all = builtIn.length === 0 ? views : new Map([...builtIn, ...views]);
    // Blanks stand for what is before it, so that places in errors are those of its script.
    const text = `${" ".repeat(statement.offset)}${statement.text}`;
    const read = (arrays?: ArrayParameters) => parseScript(text, arrays, all)[0];
    const parsed = read();
    if (parsed === undefined) return statement;
    return unrunStatement(parsed, this.#engine, (arrays) => read(arrays) ?? parsed);
  }

  #read(sql: string): readonly UnrunStatement[] {
    const views = builtInViews(sql);
    return parseScript(sql, undefined, views).map((parsed, index) =>
      unrunStatement(parsed, this.#engine, (arrays) => parseScript(sql, arrays, views)[index] ?? parsed),
    );
  }
}
