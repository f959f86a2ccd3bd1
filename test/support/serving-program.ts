import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { programEnvironment } from "./built-program.js";

/** `stripe-sql serve` in a process of its own, with what it has printed. */
export class ServingProgram {
  readonly child: ChildProcess;
  /** Its status, or the signal that ended it. */
  readonly ended: Promise<readonly [number | null, string | null]>;
  output = "";
  errors = "";

  constructor(program: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    const env = programEnvironment(environment);
    this.child = spawn(process.execPath, [program, ...args], { env }).setMaxListeners(0);
    this.child.stdout?.on("data", (chunk: Buffer) => this.#hear("output", chunk));
    this.child.stderr?.on("data", (chunk: Buffer) => this.#hear("errors", chunk));
    this.ended = once(this.child, "close") as Promise<[number | null, string | null]>;
  }

  #hear(stream: "output" | "errors", chunk: Buffer): void {
    this[stream] += chunk.toString();
    this.child.emit("heard");
  }

  /** Resolves with the match once it was printed, on either stream. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.output) ?? pattern.exec(this.errors);
      if (match !== null) return match;
      await this.#heardMore();
    }
  }

  /** Under the token that it shows, or another. */
  async request(path: string, init: RequestInit = {}, token?: string): Promise<Response> {
    const [, url] = await this.printed(/ on (http:\S+)\n/);
    const bearer = token ?? (await this.printed(/Token, for as long as this runs: (\S+)/))[1];
    return fetch(`${url}${path}`, { ...init, headers: { ...init.headers, authorization: `Bearer ${bearer}` } });
  }

  /** Processes of the nodes that have been ready. */
  nodes(): readonly number[] {
    const lines = this.errors.split("\n").filter((line) => line.includes('"node ready"'));
    return lines.map((line) => JSON.parse(line).node);
  }

  /** Resolves once so many nodes have been ready. */
  async nodesReady(count: number): Promise<void> {
    while (this.nodes().length < count) await this.#heardMore();
  }

  async #heardMore(): Promise<void> {
    const hasMore = await Promise.race([once(this.child, "heard"), this.ended.then(() => false)]);
    if (hasMore === false) throw new Error(`the program has ended:\n${this.output}${this.errors}`);
  }
}

export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
