import type { OutputColumn, Tuple } from "../execute/row-source.js";
import type { TextFormat } from "../value/cell-text.js";
import { cellWriter } from "../value/cell-text.js";
import { printDataType } from "../value/data-type.js";
import { driverConverter } from "../value/driver-value.js";
import type { ResultColumn, Row, SqlValue } from "./api.js";

/** The columns as programs see them: names distinct, types by name. */
export function resultColumns(columns: readonly OutputColumn[]): readonly ResultColumn[] {
  const names = distinctNames(columns.map(({ name }) => name));
  return columns.map(({ name: heading, type, currencyAt }, index) => {
    const name = names[index] ?? heading;
    const currency = currencyAt === undefined ? undefined : names[currencyAt];
    return {
      name,
      ...(name === heading ? {} : { heading }),
      type: printDataType(type),
      ...(currency === undefined ? {} : { currency }),
    };
  });
}

/** Makes rows of tuples: objects by the columns' distinct names, values as programs take them. */
export function rowObjects(columns: readonly OutputColumn[]): (tuples: readonly Tuple[]) => readonly Row[] {
  const names = distinctNames(columns.map(({ name }) => name));
  const fields = columns.map(({ name, type }, index) => ({
    name: names[index] ?? name,
    convert: driverConverter(type),
  }));
  // A copy takes over the shape that was made once: twice as fast as adding many fields to each row.
  const empty = Object.fromEntries(names.map((name) => [name, null]));
  return (tuples) =>
    tuples.map((tuple) => {
      const row: Record<string, SqlValue> = { ...empty };
      let index = 0;
      for (const { name, convert } of fields) {
        row[name] = convert(tuple[index] ?? null);
        index += 1;
      }
      return row;
    });
}

/** Writes tuples as texts, by position. */
export function rowTexts(
  columns: readonly OutputColumn[],
  format: TextFormat,
): (tuples: readonly Tuple[]) => readonly (readonly (string | null)[])[] {
  const writers = columns.map(({ type }) => cellWriter(type, format));
  return (tuples) => tuples.map((tuple) => writers.map((write, index) => write(tuple[index] ?? null)));
}

/** Names made distinct, so that a row object holds every column: Id, Id_1, Id_2. */
export function distinctNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let distinct = name;
    for (let count = 1; taken.has(distinct); count += 1) distinct = `${name}_${count}`;
    taken.add(distinct);
    return distinct;
  });
}
