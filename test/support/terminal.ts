import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { onTestFinished } from "vitest";

/** A program at a terminal of its own, by `script` of util-linux: what is typed comes by keys, Tab and Ctrl-C among them. */
export class Terminal {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #ended: Promise<unknown>;
  #shown = "";
  /** What was shown before this place has been looked at. */
  #looked = 0;

  /** Ended after the test that it was opened in. The command is a shell's. */
  constructor(command: string, environment: Readonly<Record<string, string>>) {
    // A dumb terminal's lines are plain text, without the codes that move a cursor.
    const env = { PATH: process.env["PATH"], TERM: "dumb", LANG: "C.UTF-8", ...environment };
    this.#child = spawn("script", ["--quiet", "--return", "--command", command, "/dev/null"], { env });
    this.#ended = once(this.#child, "close");
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.#shown += text.replaceAll("\r", "");
        this.#child.emit("shown");
      });
    }
    onTestFinished(() => this.close());
  }

  type(keys: string): void {
    this.#child.stdin.write(keys);
  }

  /** What is shown from here on up to the pattern's end, once it is there. */
  async shows(pattern: RegExp): Promise<string> {
    for (;;) {
      const rest = this.#shown.slice(this.#looked);
      const match = pattern.exec(rest);
      if (match !== null) {
        const text = rest.slice(0, match.index + match[0].length);
        this.#looked += text.length;
        return text;
      }
      const goesOn = await Promise.race([once(this.#child, "shown"), this.#ended.then(() => false)]);
      if (goesOn === false) throw new Error(`the program has ended, and showed:\n${this.#shown}`);
    }
  }

  /** Resolves once the program has ended by itself. */
  async ended(): Promise<void> {
    await this.#ended;
  }

  async close(): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.#ended;
  }
}
