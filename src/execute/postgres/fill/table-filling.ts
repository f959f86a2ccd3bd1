import type { Column, PseudoColumn, Table } from "../../../catalog/catalog.js";
import { copyIn } from "../../../protocol/frontend-messages.js";
import type { Cell } from "../../../value/cell.js";
import { quoteText } from "../../../value/quote.js";
import { columnTypes } from "../schema/column-type.js";
import { widenView } from "../schema/create-view.js";
import { columnName, relationName } from "../schema/kept-name.js";
import { keyColumns } from "../schema/table-keys.js";
import type { CopiedColumn } from "./copy-batches.js";
import { copyBatches } from "./copy-batches.js";

export type FilledColumn = Column | PseudoColumn;

/** What one turn puts into one table. */
export class TableFilling {
  readonly #table: Table;
  readonly #added: FilledColumn[] = [];
  /** Keys of the rows that are there. */
  readonly #keys = new Set<string>();
  #numbered = 0;
  #isBegun = false;

  constructor(table: Table) {
    this.#table = table;
  }

  /**
   * What has to run before the columns are there to be filled or read. Hidden and pseudo-columns are the table's for this
   * turn alone: a column of PostgreSQL's cannot be left out of `*`.
   */
  prepare(columns: readonly FilledColumn[]): readonly string[] {
    const begin = this.#isBegun ? [] : this.#empty();
    this.#isBegun = true;
    const further = columns.filter((column) => !isVisible(column) && !this.#added.includes(column));
    if (further.length === 0) return begin;
    this.#added.push(...further);
    return [
      ...begin,
      ...further.map(
        (column) =>
          `ALTER TABLE ${relationName(this.#table)} ADD COLUMN ${columnName(column)} ${columnTypes[column.type]}`,
      ),
      ...widenView(this.#table, this.#added),
    ];
  }

  /** Empties the table again, for other rows of the same turn. */
  clear(): readonly string[] {
    this.#keys.clear();
    return this.#empty();
  }

  /**
   * A table that is emptied in the transaction that fills it loses its rows with that. Its key's index is put aside, as
   * PostgreSQL does while it builds one: to keep it would take longer than the rows do, and each row is there once.
   */
  #empty(): readonly string[] {
    const relation = relationName(this.#table);
    const putAside = `UPDATE pg_catalog.pg_index SET indisready = false, indisvalid = false WHERE indrelid = ${quoteText(relation)}::regclass`;
    // Where triggers are, PostgreSQL looks whether other tables refer to this one, and does not empty it.
    const unlink = `UPDATE pg_catalog.pg_class SET relhastriggers = false WHERE relhastriggers AND oid = ${quoteText(relation)}::regclass`;
    return [unlink, `TRUNCATE ${relation}`, ...(keyColumns(this.#table).length === 0 ? [] : [putAside])];
  }

  /**
   * The COPY statements for rows, given column by column. Columns that are not given are NULL, but for those of the key,
   * which are numbered. A row whose key is there already is the same row, read twice, and is left out.
   */
  *copy(columns: readonly FilledColumn[], cells: readonly (readonly Cell[])[]): Generator<Uint8Array> {
    const given = columns.map(({ name, stripeName, type }, index) => ({
      name: stripeName,
      type,
      cells: cells[index] ?? [],
      of: name,
    }));
    const rows = cells[0]?.length ?? 0;
    const key = keyColumns(this.#table);
    const missing = key.filter(({ name }) => !columns.some((column) => column.name === name));
    const numbered = missing.map(({ stripeName, type }) => ({
      name: stripeName,
      type,
      cells: this.#numbers(rows, type),
    }));
    this.#numbered += rows;
    const keyCells = missing.length > 0 ? [] : given.filter(({ of }) => key.some(({ name }) => name === of));
    const names = [...columns, ...missing].map(columnName).join(", ");
    const sql = `COPY ${relationName(this.#table)} (${names}) FROM STDIN (FORMAT binary)`;
    for (const data of copyBatches([...given, ...numbered], this.#newRows(rows, keyCells))) yield copyIn(sql, data);
  }

  #numbers(rows: number, type: Column["type"]): readonly Cell[] {
    return Array.from({ length: rows }, (_, row) => {
      const number = this.#numbered + row;
      return type === "VARCHAR" ? String(number) : number;
    });
  }

  *#newRows(rows: number, keyCells: readonly CopiedColumn[]): Generator<number> {
    for (let row = 0; row < rows; row += 1) {
      if (keyCells.length > 0) {
        const key = keyOf(keyCells, row);
        if (this.#keys.has(key)) continue;
        this.#keys.add(key);
      }
      yield row;
    }
  }
}

function keyOf([first, ...further]: readonly CopiedColumn[], row: number): string {
  const own = String(first?.cells[row]);
  return further.length === 0 ? own : JSON.stringify([own, ...further.map(({ cells }) => String(cells[row]))]);
}

function isVisible(column: FilledColumn): boolean {
  return column.kind === "column" && !column.hidden;
}
