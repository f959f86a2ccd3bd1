import type { FieldDescription } from "../../protocol/row-description.js";
import type { DataRows } from "./data-rows.js";

/** What a statement answers, as it comes. */
export interface StatementResult {
  /** Undefined where it gives no rows. */
  readonly fields: readonly FieldDescription[] | undefined;
  /** True where the messages are those of a COPY to the client, from its CopyOutResponse on. */
  readonly isCopy?: boolean;
  /** `return()` gives up what is left. */
  readonly rows: AsyncGenerator<DataRows>;
  /** Of CommandComplete, once the rows have ended: "SELECT 5", "INSERT 0 1". */
  tag(rowCount: number): string;
}

/** For statements that give no rows. */
export function noRows(tag: string): StatementResult {
  return { fields: undefined, rows: nothing(), tag: () => tag };
}

async function* nothing(): AsyncGenerator<DataRows> {}
