import type { DuckdbEngine } from "../execute/duckdb/duckdb-engine.js";
import { readDuckdbTree } from "../syntax/duckdb/read-duckdb-tree.js";
import type { ArrayParameters } from "../syntax/expand-arrays.js";
import type { ParsedStatement, Statement } from "../syntax/statement.js";
import type { SqlValue } from "./api.js";
import { unfoldArrays } from "./array-parameters.js";
import { Lazy } from "./lazy.js";

/** A statement of a text before it runs. */
export interface UnrunStatement extends Pick<ParsedStatement, "kind" | "text" | "offset" | "parameters"> {
  /** The statement with all of its trees: the engine's own parser reads what the text alone does not give, once. */
  read(): Promise<Statement>;
  /** With values for its parameters. Where there are arrays among them, it is read anew, with parameters for their elements. */
  bind(values: readonly SqlValue[]): BoundStatement;
}

/** A statement and the values of the parameters that it then has. */
export interface BoundStatement {
  readonly values: readonly SqlValue[];
  read(): Promise<Statement>;
}

/** `parseWith`: parses its text again for arrays among its parameters' values. */
export function unrunStatement(
  parsed: ParsedStatement,
  engine: () => Promise<DuckdbEngine>,
  parseWith: (arrays: ArrayParameters) => ParsedStatement,
): UnrunStatement {
  const { kind, text, offset, parameters } = parsed;
  const reading = new Lazy(() => readStatement(parsed, engine));
  const read = () => reading.open();
  return {
    ...{ kind, text, offset, parameters, read },
    bind: (given) => {
      const { arrays, values } = unfoldArrays(given);
      return arrays.size === 0 ? { values, read } : { values, read: () => readStatement(parseWith(arrays), engine) };
    },
  };
}

async function readStatement(parsed: ParsedStatement, engine: () => Promise<DuckdbEngine>): Promise<Statement> {
  const { unparsed } = parsed;
  if (unparsed === undefined) return parsed.complete();
  const opened = await engine();
  return parsed.complete(readDuckdbTree(await opened.serialize(unparsed.sql), unparsed, opened.options));
}
