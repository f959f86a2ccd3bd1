import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { ensureBuilt } from "../support/built-program.js";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 120 });
const script = fileURLToPath(new URL("../support/closing-process.mjs", import.meta.url));

/** CLOSING_PROCESSES=200 tries harder. */
const processes = Number(process.env["CLOSING_PROCESSES"] ?? 20);
const seeds = Array.from({ length: processes }, (_, index) => index + 1);

beforeAll(ensureBuilt);

// Closing used to end the process: DuckDB was freed under work of its own.
describe("close() under 2 to 50 running statements", () => {
  test.concurrent.each(seeds)(
    "ends each of them with its result or with 57014 (%i)",
    async (seed) => {
      const { code, output } = await closeUnderStatements(seed);
      expect(code).toBe(0);
      const { ended, isOnePromise, late } = JSON.parse(output);
      const others = ended.filter((one: { ended: string }) => one.ended !== "result" && one.ended !== "57014");
      expect({ others, isOnePromise, late }).toEqual({ others: [], isOnePromise: true, late: "08006" });
    },
    300_000,
  );
});

async function closeUnderStatements(seed: number) {
  const { apiKey, url: apiBase } = running.sandbox;
  const child = spawn(process.execPath, [script, JSON.stringify({ apiKey, apiBase }), String(seed)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [output, [code, signal]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  return { code: code ?? signal, output };
}
