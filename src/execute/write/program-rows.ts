import { driverConverter } from "../../value/driver-value.js";
import type { OutputColumn, RowSource } from "../row-source.js";

/** Rows read to their end, their values as a program would give them. */
export interface ProgramRows {
  readonly columns: readonly OutputColumn[];
  readonly rows: readonly (readonly unknown[])[];
}

export async function programRows({ columns, batches }: RowSource): Promise<ProgramRows> {
  const converters = columns.map(({ type }) => driverConverter(type));
  const rows: (readonly unknown[])[] = [];
  for await (const batch of batches)
    for (const tuple of batch) rows.push(converters.map((convert, index) => convert(tuple[index] ?? null)));
  return { columns, rows };
}
