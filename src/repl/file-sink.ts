import type { OutputFile } from "./output-file.js";
import { openOutputFile } from "./output-file.js";
import type { TextSink } from "./text-sink.js";

const batchLength = 65_536;

/** Writes the text of a result to a file, as `openOutputFile` opens it. */
export class FileSink implements TextSink {
  #pending = "";

  private constructor(private readonly output: OutputFile) {}

  static async open(path: string): Promise<FileSink> {
    return new FileSink(await openOutputFile(path));
  }

  async write(text: string): Promise<void> {
    this.#pending += text;
    if (this.#pending.length >= batchLength) await this.flush();
  }

  async flush(): Promise<void> {
    const text = this.#pending;
    this.#pending = "";
    await this.output.file.appendFile(text);
  }

  async close(): Promise<void> {
    await this.flush();
    await this.output.keep();
  }

  discard(): Promise<void> {
    return this.output.giveUp();
  }
}
