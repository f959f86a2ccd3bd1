import type { Table } from "../../catalog/catalog.js";

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
