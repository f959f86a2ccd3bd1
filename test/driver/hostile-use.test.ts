import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { connect } from "../../src/driver/connect.js";
import { startSandbox } from "../../src/driver/sandbox.js";
import { connectSandbox } from "../support/sandbox-connection.js";
import { errorOf } from "../support/scripted-client.js";

const running = connectSandbox({ customers: 30 });
const library = new URL("../../dist/index.js", import.meta.url).href;

/** Calls that TypeScript would not let through. */
const anything = (value: unknown) => value as never;

describe("what is no argument is 22023", () => {
  test.each([[1], [null], [[]], [() => 1], [Symbol("x")]])("connect(%o)", async (input) => {
    expect((await errorOf(connect(anything(input)))).sqlState).toBe("22023");
  });

  test.each([[1], [null], [[]], [{ customers: -1 }], [{ customers: "x" }], [{ port: 99_999 }], [{ seed: 0.5 }]])(
    "startSandbox(%o)",
    async (options) => {
      expect((await errorOf(startSandbox(anything(options)))).sqlState).toBe("22023");
    },
  );

  test.each([[1], ["x"], [null], [[]], [{ signal: 1 }], [{ idempotencyKey: 1 }], [{ onProgress: 1 }]])(
    "query options %o",
    async (options) => {
      const error = await errorOf(running.connection.query("SELECT 1", [], anything(options)));
      expect(error.sqlState).toBe("22023");
    },
  );

  test("a style of texts that is none", async () => {
    const texts = running.connection.stream("SELECT 1").texts(anything("none"))[Symbol.asyncIterator]();
    expect((await errorOf(texts.next())).sqlState).toBe("22023");
  });
});

describe("a local statement that is long", () => {
  const long = "SELECT count(*) FROM range(100000000) a, range(1000) b WHERE (a.range + b.range) % 7 = 1";

  test.each([1, 3, 10, 25, 50])("ends with 57014 when it is aborted after %d ms", async (milliseconds) => {
    const { signal } = timedAbort(milliseconds);
    expect((await errorOf(running.connection.query(long, [], { signal }))).sqlState).toBe("57014");
  });

  test("does not begin under a signal that is aborted already", async () => {
    const error = await errorOf(running.connection.query(long, [], { signal: AbortSignal.abort() }));
    expect(error.sqlState).toBe("57014");
  });
});

function timedAbort(milliseconds: number): AbortController {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), milliseconds);
  return controller;
}

test("a reader that leaves gets no more rows, and two that ask at once get each their own", async () => {
  const rows = running.connection.stream("SELECT Id FROM Customer")[Symbol.asyncIterator]();
  const [first, second] = await Promise.all([rows.next(), rows.next()]);
  expect(first.value).not.toEqual(second.value);
  await rows.return?.();
  expect(await rows.next()).toEqual({ value: undefined, done: true });
});

describe("a process", () => {
  const used = 'console.log((await connection.query("SELECT count(*) AS n FROM Customer")).rows[0].n);';

  test.each([
    ["a server", () => JSON.stringify({ apiKey: running.sandbox.apiKey, apiBase: running.sandbox.url })],
    ["the embedded sandbox", () => "{ sandbox: { customers: 30 } }"],
  ])(
    "ends by itself though a connection to %s is open",
    async (_name, options) => {
      const code = `import { connect } from "${library}"; const connection = await connect(${options()}); ${used}`;
      const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let printed = "";
      child.stdout.on("data", (chunk) => {
        printed += String(chunk);
      });
      expect(await once(child, "close")).toEqual([0, null]);
      expect(printed).toBe("30\n");
    },
    60_000,
  );

  test("may have the driver in several threads", async () => {
    const options = JSON.stringify({ apiKey: running.sandbox.apiKey, apiBase: running.sandbox.url });
    const code = `
      const { parentPort } = require("node:worker_threads");
      import("${fileURLToPath(library)}").then(async ({ connect }) => {
        const connection = await connect(${options});
        ${used.replace("console.log", "parentPort.postMessage")}
        await connection.close();
      });`;
    const ends = [1, 2, 3].map(async () => {
      const worker = new Worker(code, { eval: true });
      const [[count], [status]] = await Promise.all([once(worker, "message"), once(worker, "exit")]);
      return [count, status];
    });
    expect(await Promise.all(ends)).toEqual([1, 2, 3].map(() => [30, 0]));
  }, 60_000);
});
