import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ServeInvocation } from "../../src/repl/command-line.js";
import type { ServeParts } from "../../src/repl/run-serve.js";
import { runServe } from "../../src/repl/run-serve.js";
import { readServeToken } from "../../src/repl/serve-token.js";
import { ensureBuilt } from "../support/built-program.js";
import { collectedStreams } from "./collected-stream.js";

const program = fileURLToPath(new URL("../support/serve-process.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "stripe-sql-serve-"));
const script = join(folder, "script");
/** A machine that is busy with other things ends processes late. */
const patience = { timeout: 20_000 };
const children: ChildProcess[] = [];

beforeAll(ensureBuilt);

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

afterAll(() => rmSync(folder, { recursive: true }));

/** `stripe-sql serve` in a process of its own, with what it printed. */
class ServingProgram {
  readonly child: ChildProcess;
  readonly ended: Promise<readonly [number | null, string | null]>;
  output = "";
  errors = "";

  constructor(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    writeFileSync(script, "");
    const env = { PATH: process.env["PATH"] ?? "", NODE_SCRIPT: script, STRIPE_API_KEY: "sk_test_x", ...environment };
    this.child = spawn(process.execPath, [program, ...args], { env });
    children.push(this.child);
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
      await once(this.child, "heard");
    }
  }

  async call(input: object, token?: string): Promise<Response> {
    const [, url] = await this.printed(/ on (http:\S+)\n/);
    const bearer = token ?? (await this.printed(/Token, for as long as this runs: (\S+)/))[1];
    const headers = { authorization: `Bearer ${bearer}` };
    return fetch(`${url}/default/createEntity`, { method: "POST", headers, body: JSON.stringify(input) });
  }

  nodes(): readonly number[] {
    const lines = this.errors.split("\n").filter((line) => line.includes('"node ready"'));
    return lines.map((line) => JSON.parse(line).node);
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("a server", () => {
  it("shows a random token once, and takes no other", async () => {
    const server = new ServingProgram(["--http", "0"]);
    expect((await server.call({ echo: 1 })).status).toBe(200);
    expect((await server.call({ echo: 1 }, "another")).status).toBe(401);
    const [, token = ""] = await server.printed(/Token, for as long as this runs: (\S+)/);
    expect(token).toMatch(/^[\w-]{43}$/);
    server.child.kill("SIGTERM");
    expect(await server.ended).toEqual([0, null]);
    expect(`${server.output}${server.errors}`.split(token)).toHaveLength(2);
  });

  it("takes the token of the environment, and does not show it", async () => {
    const server = new ServingProgram(["--http", "0"], { STRIPE_SQL_TOKEN: "token-of-mine" });
    expect((await server.call({ echo: 1 }, "token-of-mine")).status).toBe(200);
    server.child.kill("SIGINT");
    expect(await server.ended).toEqual([0, null]);
    expect(`${server.output}${server.errors}`).not.toContain("token-of-mine");
  });

  it.each(["SIGTERM", "SIGINT"] as const)("at %s takes no more, lets what runs finish, and ends", async (signal) => {
    const server = new ServingProgram(["--http", "0"]);
    const running = server.call({ do: "hold" });
    await server.printed(/"received"/);
    server.child.kill(signal);
    await server.printed(/Finishing what runs/);
    await expect(server.call({ echo: 1 })).rejects.toThrow();
    writeFileSync(script, "release");
    expect((await running).status).toBe(200);
    expect(await server.ended).toEqual([0, null]);
    expect(server.nodes().filter(isRunning)).toEqual([]);
  });

  it("at a second signal ends at once, and its nodes with it", async () => {
    const server = new ServingProgram(["--http", "0"]);
    const running = server.call({ do: "hold" }).catch(() => "cut");
    await server.printed(/"received"/);
    server.child.kill("SIGTERM");
    await server.printed(/Finishing what runs/);
    server.child.kill("SIGTERM");
    expect(await server.ended).toEqual([null, "SIGTERM"]);
    expect(await running).toBe("cut");
    await expect.poll(() => server.nodes().filter(isRunning), patience).toEqual([]);
  });

  it("leaves no node behind where it is killed", async () => {
    const server = new ServingProgram(["--http", "0"]);
    await server.call({ echo: 1 });
    server.child.kill("SIGKILL");
    await server.ended;
    expect(server.nodes().length).toBeGreaterThan(0);
    await expect.poll(() => server.nodes().filter(isRunning), patience).toEqual([]);
  });
});

describe("a server that is asked for wrongly", () => {
  const parts: ServeParts = {
    openHttpApi: () => Promise.reject(new Error("nothing is to be opened")),
  };

  async function refused(changes: Partial<ServeInvocation>): Promise<string> {
    const streams = collectedStreams();
    const invocation: ServeInvocation = {
      kind: "serve",
      port: 0,
      host: "127.0.0.1",
      files: [],
      tokenFile: undefined,
      ...changes,
    };
    expect(await runServe(invocation, streams, parts)).toBe(2);
    expect(streams.output.text).toBe("");
    return streams.errors.text;
  }

  it.each(["0.0.0.0", "::", "192.0.2.1", "example.com", "127.0.0.1.example.com"])(
    "is not opened to others on %s with a token that nobody set",
    async (host) => {
      expect(await refused({ host })).toContain(`serving on ${host} needs a token`);
    },
  );

  it("says which token file cannot be used, and shows nothing of it", async () => {
    expect(await refused({ tokenFile: join(folder, "missing") })).toContain("the token file cannot be read");
    for (const [content, message] of [
      ["\n", "is empty"],
      ["two words", "holds no token"],
    ] as const) {
      const tokenFile = join(folder, "token");
      writeFileSync(tokenFile, content);
      const text = await refused({ tokenFile });
      expect(text).toContain(message);
      expect(text).not.toContain("two words");
    }
  });
});

describe("a server's token", () => {
  it("is that of the file, else that of the environment, else made up", () => {
    const tokenFile = join(folder, "token");
    writeFileSync(tokenFile, "of-the-file\n");
    const environment = { STRIPE_SQL_TOKEN: "of-the-environment" };
    expect(readServeToken(tokenFile, environment)).toEqual({ text: "of-the-file", isGiven: true });
    expect(readServeToken(undefined, environment)).toEqual({ text: "of-the-environment", isGiven: true });
    const [one, other] = [readServeToken(undefined, {}), readServeToken(undefined, { STRIPE_SQL_TOKEN: "" })];
    expect([one.isGiven, other.isGiven]).toEqual([false, false]);
    expect(one.text).not.toBe(other.text);
  });
});
