import type { Table } from "../../catalog/catalog.js";
import type { Scanned } from "./scan.js";
import { accessesOf, limitOf, waitsFor } from "./scan.js";

/** A table as one account sees it. */
export interface RowsOf {
  readonly schema: Table["schema"];
  readonly table: string;
  /** Connect account; undefined: the connection's own. */
  readonly accountId: string | undefined;
}

/** What was seen of Stripe's data, for estimates: it may have changed since. */
export interface Statistics {
  /** Rows of the table when it was last read whole; undefined where it never was. */
  rows(of: RowsOf): number | undefined;
}

/** Knows of nothing. */
export const noStatistics: Statistics = { rows: () => undefined };

/** The table whose rows are counted by reading a relation to its end; undefined where it gives a part of one only. */
export function countedTable({ table, scan }: Scanned, relations: readonly Scanned[]): RowsOf | undefined {
  const accesses = accessesOf(scan);
  const [first] = accesses;
  if (first?.kind !== "list" || limitOf(scan) !== undefined || accesses.length !== first.partitions) return undefined;
  const { accountId } = first;
  const isWhole = accesses.every(
    (access) => access.kind === "list" && access.filters.length === 0 && access.accountId === accountId,
  );
  const sources = relations.filter(({ id }) => waitsFor(scan).includes(id));
  if (!isWhole || sources.some((source) => countedTable(source, relations) === undefined)) return undefined;
  return { schema: table.schema, table: table.name, accountId };
}
