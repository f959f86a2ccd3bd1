import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ServeParts } from "../../src/repl/run-serve.js";
import { runServe } from "../../src/repl/run-serve.js";
import type { ServeInvocation } from "../../src/repl/serve-invocation.js";
import { readServeToken } from "../../src/repl/serve-token.js";
import { ensureBuilt } from "../support/built-program.js";
import { isRunning, ServingProgram } from "../support/serving-program.js";
import { collectedStreams } from "./collected-stream.js";

const program = fileURLToPath(new URL("../support/serve-process.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "stripe-sql-serve-"));
const script = join(folder, "script");
/** A machine that is busy with other things ends processes late. */
const servers: ServingProgram[] = [];

beforeAll(ensureBuilt);

afterEach(() => {
  for (const server of servers.splice(0)) server.child.kill("SIGKILL");
});

afterAll(() => rmSync(folder, { recursive: true }));

/** `stripe-sql serve` over the plain HTTP API and scripted nodes. */
class PlainServer extends ServingProgram {
  constructor(environment: Readonly<Record<string, string>> = {}) {
    writeFileSync(script, "");
    super(program, ["--http", "0"], { NODE_SCRIPT: script, STRIPE_API_KEY: "sk_test_x", ...environment });
    servers.push(this);
  }

  call(input: object, token?: string): Promise<Response> {
    return this.request("/default/createEntity", { method: "POST", body: JSON.stringify(input) }, token);
  }
}

describe("a server", () => {
  it("shows a random token once, and takes no other", async () => {
    const server = new PlainServer();
    expect((await server.call({ echo: 1 })).status).toBe(200);
    expect((await server.call({ echo: 1 }, "another")).status).toBe(401);
    const [, token = ""] = await server.printed(/Token, for as long as this runs: (\S+)/);
    expect(token).toMatch(/^[\w-]{43}$/);
    server.child.kill("SIGTERM");
    expect(await server.ended).toEqual([0, null]);
    expect(`${server.output}${server.errors}`.split(token)).toHaveLength(2);
  });

  it("takes the token of the environment, and does not show it", async () => {
    const server = new PlainServer({ STRIPE_SQL_TOKEN: "token-of-mine" });
    expect((await server.call({ echo: 1 }, "token-of-mine")).status).toBe(200);
    server.child.kill("SIGINT");
    expect(await server.ended).toEqual([0, null]);
    expect(`${server.output}${server.errors}`).not.toContain("token-of-mine");
  });

  it.each(["SIGTERM", "SIGINT"] as const)("at %s takes no more, lets what runs finish, and ends", async (signal) => {
    const server = new PlainServer();
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
    const server = new PlainServer();
    const running = server.call({ do: "hold" }).catch(() => "cut");
    await server.printed(/"received"/);
    server.child.kill("SIGTERM");
    await server.printed(/Finishing what runs/);
    server.child.kill("SIGTERM");
    expect(await server.ended).toEqual([null, "SIGTERM"]);
    expect(await running).toBe("cut");
    await expect.poll(() => server.nodes().filter(isRunning)).toEqual([]);
  });

  it("leaves no node behind where it is killed", async () => {
    const server = new PlainServer();
    await server.call({ echo: 1 });
    server.child.kill("SIGKILL");
    await server.ended;
    expect(server.nodes().length).toBeGreaterThan(0);
    await expect.poll(() => server.nodes().filter(isRunning)).toEqual([]);
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
      host: "127.0.0.1",
      files: [],
      http: { port: 0, tokenFile: undefined },
      postgres: undefined,
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
    expect(await refused({ http: { port: 0, tokenFile: join(folder, "missing") } })).toContain(
      "the token file cannot be read",
    );
    for (const [content, message] of [
      ["\n", "is empty"],
      ["two words", "holds no token"],
    ] as const) {
      const tokenFile = join(folder, "token");
      writeFileSync(tokenFile, content);
      const text = await refused({ http: { port: 0, tokenFile } });
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
