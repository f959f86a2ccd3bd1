import type { LocalEngine } from "../execute/engine/local-engine.js";
import { readDuckdbTree } from "../syntax/duckdb/read-duckdb-tree.js";
import type { ParsedStatement, Statement } from "../syntax/statement.js";
import { Lazy } from "./lazy.js";

/** A statement of a text before it runs. */
export interface UnrunStatement extends Pick<ParsedStatement, "kind" | "text" | "offset" | "parameters"> {
  /** The statement with all of its trees: the engine's own parser reads what the text alone does not give, once. */
  read(): Promise<Statement>;
}

export function unrunStatement(parsed: ParsedStatement, engine: () => Promise<LocalEngine>): UnrunStatement {
  const { kind, text, offset, parameters } = parsed;
  const reading = new Lazy(() => readStatement(parsed, engine));
  return { kind, text, offset, parameters, read: () => reading.open() };
}

async function readStatement(parsed: ParsedStatement, engine: () => Promise<LocalEngine>): Promise<Statement> {
  const { unparsed } = parsed;
  if (unparsed === undefined) return parsed.complete();
  return parsed.complete(readDuckdbTree(await (await engine()).serialize(unparsed.sql), unparsed));
}
