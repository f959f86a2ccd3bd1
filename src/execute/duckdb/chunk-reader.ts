import { setImmediate } from "node:timers/promises";
import type { DuckDBDataChunk, DuckDBVector } from "@duckdb/node-api";
import type { Cell } from "../../value/cell.js";
import type { OutputColumn, Tuple } from "../row-source.js";
import type { ReadEngineValue } from "./engine-cells.js";
import { engineReaders } from "./engine-cells.js";
import { engineError } from "./engine-error.js";
import { nameFields } from "./engine-type.js";

/** Rows that are read at once: as few before it is known how large they are, and a whole chunk at most. */
const firstRows = 32;
const mostRows = 2048;

/** How long reading may keep the process from everything else; a row that takes longer does so alone. */
const turnMs = 10;

/**
 * Reads chunks of a result into tuples, a few at a time: a chunk of 2,048 rows may hold gigabytes of text, and while it
 * were read at once nobody else in the process would be served.
 */
export class ChunkReader {
  readonly #readers: readonly ReadEngineValue[];
  /** As many as the rows before took little time for. */
  #rowsAtOnce = firstRows;

  constructor(columns: readonly OutputColumn[]) {
    this.#readers = engineReaders(columns);
  }

  /** The tuples of a chunk, in its order. What JavaScript cannot hold fails. */
  async *read(chunk: DuckDBDataChunk): AsyncGenerator<readonly Tuple[]> {
    const columns = this.#readers.map((read, index) => {
      const vector = chunk.getColumnVector(index);
      nameFields(vector.type);
      return { vector, read };
    });
    let turnedMs = performance.now();
    for (let start = 0; start < chunk.rowCount; ) {
      const end = Math.min(start + this.#rowsAtOnce, chunk.rowCount);
      const startedMs = performance.now();
      const tuples = readRows(columns, start, end);
      this.#adapt(performance.now() - startedMs);
      yield tuples;
      start = end;
      // What the reader makes of the rows takes its time too.
      if (performance.now() - turnedMs < turnMs) continue;
      await setImmediate();
      turnedMs = performance.now();
    }
  }

  #adapt(tookMs: number): void {
    const rows = tookMs < turnMs / 2 ? 2 * this.#rowsAtOnce : this.#rowsAtOnce >> 1;
    this.#rowsAtOnce = Math.min(Math.max(rows, 1), mostRows);
  }
}

interface ReadColumn {
  readonly vector: DuckDBVector;
  readonly read: ReadEngineValue;
}

function readRows(columns: readonly ReadColumn[], start: number, end: number): readonly Tuple[] {
  try {
    const cells = columns.map(({ vector, read }) =>
      Array.from({ length: end - start }, (_, index): Cell => read(vector.getItem(start + index))),
    );
    return Array.from({ length: end - start }, (_, row) => cells.map((column) => column[row] ?? null));
  } catch (error) {
    throw engineError(error);
  }
}
