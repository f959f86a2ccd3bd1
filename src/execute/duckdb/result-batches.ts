import type { DuckDBDataChunk, DuckDBResult } from "@duckdb/node-api";
import { ResultReturnType } from "@duckdb/node-api";
import type { OutputColumn, Tuple } from "../row-source.js";
import { ChunkReader } from "./chunk-reader.js";
import { dataTypeOf } from "./engine-type.js";

export function columnsOf(result: DuckDBResult): readonly OutputColumn[] {
  return result.columnNames().map((name, index) => ({ name, type: dataTypeOf(result.columnType(index)) }));
}

/**
 * True where the rows of a streamed result ended before their end. The binding gives no chunk then, as at the end: but
 * of a result that holds an error the engine says that it returns nothing.
 * Source: `duckdb_result_return_type` in https://duckdb.org/docs/stable/clients/c/api
 */
export const hasFailed = (result: DuckDBResult): boolean => result.returnType === ResultReturnType.INVALID;

export interface ResultChunks {
  /** Where it was fetched before: null where there is none. Default: it was not. */
  readonly first?: DuckDBDataChunk | null;
  readonly fetch: () => Promise<DuckDBDataChunk | null>;
  /** Told at the end, or once no more rows are wanted. */
  readonly close?: () => void;
}

/** The tuples of a result, as they are asked for. */
export async function* resultBatches(
  columns: readonly OutputColumn[],
  { first, fetch, close }: ResultChunks,
): AsyncGenerator<readonly Tuple[]> {
  const reader = new ChunkReader(columns);
  try {
    let chunk = first === undefined ? await fetch() : first;
    while (chunk !== null && chunk.rowCount > 0) {
      yield* reader.read(chunk);
      // JavaScript does not see what it holds, and would leave it for long.
      chunk.reset();
      chunk = await fetch();
    }
  } finally {
    close?.();
  }
}
