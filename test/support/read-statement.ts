import { Worker } from "node:worker_threads";
import { readDuckdbTree } from "../../src/syntax/duckdb/read-duckdb-tree.js";
import type { Query } from "../../src/syntax/expression.js";
import { parseScript } from "../../src/syntax/parse-script.js";
import type { ParsedStatement, Statement } from "../../src/syntax/statement.js";

/** The statements of a script with all of their trees, DuckDB's where one is needed. */
export function readScript(sql: string): readonly Statement[] {
  return parseScript(sql).map(readStatement);
}

/** A parsed statement with its tree. */
export function readStatement(parsed: ParsedStatement): Statement {
  const { unparsed } = parsed;
  return unparsed === undefined
    ? parsed.complete()
    : parsed.complete(readDuckdbTree(serializeSync(unparsed.sql), unparsed, { fileAccess: true }));
}

/** The tree of the one SELECT in a text. */
export function readQuery(sql: string): Query {
  const [statement, ...rest] = readScript(sql);
  if (statement?.kind !== "select" || rest.length > 0) throw new Error(`not a query: ${sql}`);
  return statement.query;
}

const headerBytes = 8;

/** What DuckDB's json_serialize_sql gives for a text, waited for: so a test of planning need not be asynchronous. */
export function serializeSync(sql: string): string {
  let capacity = Math.max(65_536, sql.length * 64);
  for (;;) {
    const shared = new SharedArrayBuffer(headerBytes + capacity);
    const state = new Int32Array(shared, 0, 2);
    parserThread().postMessage({ sql, shared });
    Atomics.wait(state, 0, 0);
    const length = state[1] ?? 0;
    if (length > capacity) {
      capacity = length;
      continue;
    }
    const text = Buffer.from(shared, headerBytes, length).toString("utf8");
    if (state[0] === 2) throw new Error(text);
    return text;
  }
}

let thread: Worker | undefined;

/** One a test file; it keeps no process alive. */
function parserThread(): Worker {
  if (thread === undefined) {
    thread = new Worker(new URL("./parser-thread.mjs", import.meta.url));
    thread.unref();
  }
  return thread;
}
