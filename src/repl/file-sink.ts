import type { FileHandle } from "node:fs/promises";
import { open, rename, rm } from "node:fs/promises";
import type { TextSink } from "./text-sink.js";

const batchLength = 65_536;

/** Writes a file whole or not at all: the text collects in a neighbour, which takes the file's name at the end. */
export class FileSink implements TextSink {
  #pending = "";

  private constructor(
    private readonly path: string,
    private readonly partialPath: string,
    private readonly file: FileHandle,
  ) {}

  static async open(path: string): Promise<FileSink> {
    const partialPath = partialFile(path);
    return new FileSink(path, partialPath, await open(partialPath, "w"));
  }

  async write(text: string): Promise<void> {
    this.#pending += text;
    if (this.#pending.length >= batchLength) await this.flush();
  }

  async flush(): Promise<void> {
    const text = this.#pending;
    this.#pending = "";
    await this.file.appendFile(text);
  }

  async close(): Promise<void> {
    await this.flush();
    await this.file.close();
    await rename(this.partialPath, this.path);
  }

  async discard(): Promise<void> {
    await this.file.close();
    await rm(this.partialPath, { force: true });
  }
}

/** A name beside the file, on the same file system, that two programs at once do not share. */
export function partialFile(path: string): string {
  return `${path}.partial-${process.pid}`;
}
