import { SqlState } from "../../../error/sql-state.js";
import { StripeSqlError } from "../../../error/stripe-sql-error.js";
import type { Cell } from "../../../value/cell.js";
import type { SqlType } from "../../../value/sql-type.js";
import { binaryFields } from "./binary-field.js";
import { GrowingBuffer } from "./growing-buffer.js";

export interface CopiedColumn {
  readonly name: string;
  readonly type: SqlType;
  readonly cells: readonly Cell[];
}

/** A batch is sent once it has grown to this size. */
const batchBytes = 2 * 1024 * 1024;

/** What a COPY in binary begins with: a signature, no flags, no extension. */
const signature = Buffer.from("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1");
const endOfRows = -1;

/**
 * Rows, given column by column, as the data of as many COPY … FROM STDIN (FORMAT binary) as they need. A batch's bytes
 * are good until the next is asked for. `rows` are those that are to be copied, by their index.
 * Source: https://www.postgresql.org/docs/18/sql-copy.html#SQL-COPY-FILE-FORMATS
 */
export function* copyBatches(columns: readonly CopiedColumn[], rows: Iterable<number>): Generator<Uint8Array> {
  const out = new GrowingBuffer(batchBytes + 64 * 1024);
  const begin = () => {
    out.clear();
    for (const byte of signature) out.byte(byte);
  };
  begin();
  for (const row of rows) {
    writeRow(columns, row, out);
    if (out.length < batchBytes) continue;
    out.int16(endOfRows);
    yield out.written();
    begin();
  }
  if (out.length === signature.length) return;
  out.int16(endOfRows);
  yield out.written();
}

function writeRow(columns: readonly CopiedColumn[], row: number, out: GrowingBuffer): void {
  out.int16(columns.length);
  for (const { name, type, cells } of columns) {
    const cell = cells[row];
    if (cell === null || cell === undefined) out.int32(-1);
    else if (typeof cell === "string" && cell.includes("\0")) throw unstorableText(name);
    else binaryFields[type](cell, out);
  }
}

/** PostgreSQL's texts hold any character but NUL. */
function unstorableText(column: string): StripeSqlError {
  return new StripeSqlError(
    `a value of column "${column}" holds the character NUL, which no text of PostgreSQL's may`,
    {
      sqlState: SqlState.untranslatableCharacter,
      phase: "execute",
      hint: "Leave the column out, or run the statement on the engine that takes such texts: SET stripe.engine = duckdb.",
    },
  );
}
