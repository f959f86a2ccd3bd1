import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { runProgram, runShell } from "../support/built-program.js";
import { freePort } from "../support/free-port.js";
import type { ExampleRun } from "./run-statements.js";
import { trimLines } from "./run-statements.js";

/** Runs a document's commands in a folder of their own, with a free port for each that they speak of. */
export class CommandRunner {
  private readonly children: ChildProcess[] = [];
  private readonly endings: Promise<unknown>[] = [];

  private constructor(
    private readonly folder: string,
    /** Those of the document, each with the one that stands for it. */
    private readonly ports: readonly (readonly [documented: string, real: string])[],
  ) {}

  /** @param folder Where the commands' files go. */
  static async open(folder: string): Promise<CommandRunner> {
    const ports = await Promise.all(documentedPorts.map(async (port) => [port, String(await freePort())] as const));
    return new CommandRunner(folder, ports);
  }

  /** Runs one block. What serves is started and left running until `close`. */
  async run(text: string): Promise<ExampleRun> {
    const script = this.ports.reduce((changed, [documented, real]) => changed.replaceAll(documented, real), text);
    const { succeeded, output } = serving.test(script) ? await this.start(script) : await this.finish(script);
    const shown = this.ports.reduce((changed, [documented, real]) => changed.replaceAll(real, documented), output);
    return { succeeded, output: trimLines(shown) };
  }

  async close(): Promise<void> {
    for (const child of this.children) child.kill("SIGINT");
    await Promise.all(this.endings);
  }

  private async finish(script: string): Promise<ExampleRun> {
    const { status, output } = await runShell(`cd '${this.folder}'\n${commands}\n${script}`);
    return { succeeded: status === 0, output };
  }

  private async start(script: string): Promise<ExampleRun> {
    let output = "";
    const words = script.trim().split(/\s+/);
    const program = words.indexOf("stripe-sql");
    const environment = Object.fromEntries(words.slice(0, program).map((word) => word.split("=", 2)));
    const child = await new Promise<ChildProcess>((resolve) => {
      const options = { environment, folder: this.folder, started: resolve };
      this.endings.push(runProgram(words.slice(program + 1), options));
    });
    this.children.push(child);
    while (!output.includes("Ctrl-C") && child.stdout !== null) output += (await once(child.stdout, "data")).join("");
    return { succeeded: true, output };
  }
}

const documentedPorts = ["12111", "8080", "5433"];
const serving = /^(\w+=\S+ )*stripe-sql (sandbox --port|serve|studio) /;

/**
 * What the document's commands mean here. Installing is not tried again: the tests run in what it made. The input
 * is read to its end first, lest a command that ends at once breaks the pipe.
 */
const commands = `
exec 2>&1
cat > /dev/null
set -e
stripe-sql() { $PROGRAM "$@"; }
npm() {
  case "$1" in
    start) shift; if [ "\${1-}" = -- ]; then shift; fi; stripe-sql "$@" ;;
    ci | test | link | install) ;;
    *) return 1 ;;
  esac
}`;
