import type { ResultColumn } from "../../driver/api.js";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { PrintableRows } from "../../output/printable-rows.js";
import { textRestyler } from "../../value/restyled-text.js";
import type { StudioError } from "../messages.js";
import { ResultFile } from "./result-file.js";

/** A result as long as the page may ask for its rows. */
export interface KeptResult {
  readonly id: string;
  /** Of the statement. */
  readonly text: string;
  readonly columns: readonly ResultColumn[];
  readonly file: ResultFile;
  state: ResultState;
  /** What is to be said of the file that was made of it last. */
  notes: readonly string[];
}

export type ResultState =
  | { readonly kind: "running" }
  /** The statement has given all of its rows. */
  | { readonly kind: "whole" }
  /** It failed or was cancelled: there are the rows that had come before. */
  | { readonly kind: "cut"; readonly error: StudioError };

/** Results kept at once; of more, the oldest is given up. */
const mostResults = 20;

/** The results that pages look at. */
export class Results {
  readonly #results = new Map<string, KeptResult>();
  #last = 0;

  async open(text: string, columns: readonly ResultColumn[]): Promise<KeptResult> {
    this.#last += 1;
    const file = await ResultFile.open();
    const result: KeptResult = { id: String(this.#last), text, columns, file, state: { kind: "running" }, notes: [] };
    this.#results.set(result.id, result);
    const [oldest] = this.#results.values();
    if (this.#results.size > mostResults && oldest !== undefined) {
      this.#results.delete(oldest.id);
      await oldest.file.close();
    }
    return result;
  }

  /** @throws StripeSqlError 42704 where it is no longer kept. */
  get(id: string): KeptResult {
    const result = this.#results.get(id);
    if (result !== undefined) return result;
    throw new StripeSqlError("this result is no longer kept: run it again", {
      sqlState: SqlState.undefinedObject,
      phase: "execute",
    });
  }

  async close(): Promise<void> {
    const files = [...this.#results.values()].map(({ file }) => file);
    this.#results.clear();
    await Promise.all(files.map((file) => file.close()));
  }
}

/** A kept result's rows for the printers: from its file, as often as they are wanted. */
export function printableRows({ columns, file }: KeptResult): PrintableRows {
  return {
    columns: async () => columns,
    async *texts(style) {
      const restyle = columns.map(({ type }) => textRestyler(type, style));
      for await (const row of file.rows()) yield row.map((text, index) => restyle[index]?.(text) ?? null);
    },
  };
}
