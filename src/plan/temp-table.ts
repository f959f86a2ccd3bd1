import type { DataType } from "../value/data-type.js";

/** A table of a session's own: rows that were read once, which the local engine holds. */
export interface TempTable {
  /** As it was created. */
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: DataType }[];
  readonly rowCount: number;
  /** When its rows were read, in milliseconds since 1970. */
  readonly readMs: number;
}
