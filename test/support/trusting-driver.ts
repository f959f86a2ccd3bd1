import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { ConnectOptions } from "../../src/driver/api.js";
import { ensureBuilt } from "./built-program.js";

export interface StatementsRun {
  readonly rowCounts?: readonly number[];
  readonly error?: {
    readonly message: string;
    readonly sqlState: string;
    readonly detail?: string;
    readonly hint?: string;
  };
}

/** The compiled driver in a process that trusts certificates of one's own, which only a process's start can have it do. */
export interface TrustingDriver {
  /** Over a connection of its own, closed at the end. Calls one after the other. */
  run(connection: ConnectOptions | string, ...statements: readonly string[]): Promise<StatementsRun>;
  close(): Promise<void>;
}

/** @param certificateFile Those that are trusted, as PEM. */
export function startTrustingDriver(certificateFile: string): TrustingDriver {
  ensureBuilt();
  const child = spawn(process.execPath, [fileURLToPath(new URL("./driver-process.mjs", import.meta.url))], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: certificateFile },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    run: async (connection, ...statements) => {
      child.stdin.write(`${JSON.stringify({ connection, statements })}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error("the driver's process has ended");
      return JSON.parse(value);
    },
    close: async () => {
      const ended = once(child, "exit");
      child.stdin.end();
      await ended;
    },
  };
}
