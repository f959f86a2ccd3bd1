import type { StudioColumn } from "../messages.js";
import { ResultFile } from "./result-file.js";

/** A result as long as the page may ask for its rows. */
export interface KeptResult {
  readonly id: string;
  /** Of the statement. */
  readonly text: string;
  readonly columns: readonly StudioColumn[];
  readonly file: ResultFile;
}

/** Results kept at once; of more, the oldest is given up. */
const mostResults = 20;

/** The results that pages look at. */
export class Results {
  readonly #results = new Map<string, KeptResult>();
  #last = 0;

  async open(text: string, columns: readonly StudioColumn[]): Promise<KeptResult> {
    this.#last += 1;
    const result = { id: String(this.#last), text, columns, file: await ResultFile.open() };
    this.#results.set(result.id, result);
    const [oldest] = this.#results.values();
    if (this.#results.size > mostResults && oldest !== undefined) {
      this.#results.delete(oldest.id);
      await oldest.file.close();
    }
    return result;
  }

  find(id: string): KeptResult | undefined {
    return this.#results.get(id);
  }

  async close(): Promise<void> {
    const files = [...this.#results.values()].map(({ file }) => file);
    this.#results.clear();
    await Promise.all(files.map((file) => file.close()));
  }
}
