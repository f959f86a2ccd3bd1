import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { TextSink } from "./text-sink.js";
import { OutputClosed } from "./text-sink.js";

/** Writes to a program on this terminal: a pager, or what stands behind `\g |`. */
export class ProgramSink implements TextSink {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | string>;
  #isClosed = false;

  /** @param command The shell's. */
  constructor(command: string, environment: NodeJS.ProcessEnv) {
    this.#child = spawn("/bin/sh", ["-c", command], { stdio: ["pipe", "inherit", "inherit"], env: environment });
    // A program that ends before it has read all is a reader who has seen enough.
    this.#child.stdin?.on("error", () => {
      this.#isClosed = true;
    });
    this.#ended = new Promise((resolve, reject) => {
      this.#child.on("error", reject);
      this.#child.on("close", (status, signal) => {
        this.#isClosed = true;
        resolve(status ?? signal ?? 0);
      });
    });
  }

  async write(text: string): Promise<void> {
    const input = this.#child.stdin;
    if (this.#isClosed || input === null) throw new OutputClosed();
    if (!input.write(text)) await Promise.race([once(input, "drain").catch(() => {}), this.#ended]);
  }

  async flush(): Promise<void> {}

  async close(): Promise<void> {
    await this.end();
  }

  async discard(): Promise<void> {
    await this.end();
  }

  /** No more text comes. Resolves with the program's exit status, or its signal, once it has ended. */
  end(): Promise<number | string> {
    this.#child.stdin?.end();
    return this.#ended;
  }
}
