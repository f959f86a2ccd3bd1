import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { runProgram, runShell } from "../support/built-program.js";
import type { ExampleRun } from "./run-statements.js";
import { trimLines } from "./run-statements.js";

/** Runs a document's commands in a folder of their own, with a free port for the one that they speak of. */
export class CommandRunner {
  private readonly children: ChildProcess[] = [];
  private readonly endings: Promise<unknown>[] = [];

  private constructor(
    private readonly folder: string,
    private readonly port: string,
  ) {}

  /** @param folder Where the commands' files go. */
  static async open(folder: string): Promise<CommandRunner> {
    return new CommandRunner(folder, await freePort());
  }

  /** Runs one block. A sandbox is started and left running until `close`. */
  async run(text: string): Promise<ExampleRun> {
    const script = text.replaceAll(documentedPort, this.port);
    const { succeeded, output } = script.startsWith("stripe-sql sandbox --port")
      ? await this.start(script)
      : await this.finish(script);
    return { succeeded, output: trimLines(output).replaceAll(this.port, documentedPort) };
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
    const [, ...args] = script.trim().split(/\s+/);
    const child = await new Promise<ChildProcess>((resolve) => {
      this.endings.push(runProgram(args, { started: resolve }));
    });
    this.children.push(child);
    while (!output.includes("Ctrl-C") && child.stdout !== null) output += (await once(child.stdout, "data")).join("");
    return { succeeded: true, output };
  }
}

const documentedPort = "12111";

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

async function freePort(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("the port of a TCP server is a number");
  return String(address.port);
}
