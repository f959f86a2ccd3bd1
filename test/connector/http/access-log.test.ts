import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { SqlState } from "../../../src/error/sql-state.js";
import { StripeSqlError } from "../../../src/error/stripe-sql-error.js";
import { connectionPath, startApi, token } from "./running-api.js";
import { serve, servedBy } from "./served-connector.js";
import { tableConnector, whenAborted } from "./table-connector.js";

/** Lines of a log, and a promise of as many as are asked for. */
function recordedLog() {
  const lines: Record<string, unknown>[] = [];
  let wake = () => {};
  const write = (line: string) => {
    lines.push(JSON.parse(line));
    wake();
  };
  return {
    logger: pino({ base: null, timestamp: false }, { write }),
    async lines(count: number) {
      while (lines.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return lines;
    },
  };
}

const template = "/v2/projects/{project}/locations/{location}/connections/{connection}";

describe("the access log", () => {
  it("has a line for each request, with its route and no more of its path", async () => {
    const log = recordedLog();
    const { send, url } = await startApi(serve(tableConnector()), { log: log.logger });
    await send("POST", `${connectionPath}/entityTypes/Customer/entities`, { body: { fields: { Name: "Ann" } } });
    await log.lines(1);
    await send("GET", `${connectionPath}/entityTypes/Customer/entities/cus_77?alt=json`);
    await log.lines(2);
    await fetch(`${url}/healthz`);
    await log.lines(3);
    await send("GET", "/v2/projects/p/locations/l/connections/sk_live_abc:checkStatus");
    await log.lines(4);
    await fetch(`${url}/%zz`);
    const lines = await log.lines(5);
    const route = (path: string) => `${template}${path}`;
    const expected = [
      { method: "POST", route: route("/entityTypes/{entityType}/entities"), status: 200, connection: "stripe-eu" },
      {
        method: "GET",
        route: route("/entityTypes/{entityType}/entities/{entity}"),
        status: 404,
        connection: "stripe-eu",
      },
      { method: "GET", route: "/healthz", status: 200 },
      { method: "GET", route: route(":checkStatus"), status: 404 },
      { method: "GET", route: "unknown", status: 400 },
    ];
    expect(lines).toEqual(expected.map((line) => ({ level: 30, ...line, ms: expect.any(Number), msg: "request" })));
    const text = JSON.stringify(lines);
    for (const secret of ["Ann", "cus_77", "alt=json", "sk_live", token]) expect(text).not.toContain(secret);
  });

  it("has what callers are not told of an internal error, without its secrets", async () => {
    const log = recordedLog();
    const connection = servedBy(() => Promise.reject(new TypeError("no such property, sk_live_abcdef")));
    const { send } = await startApi(connection, { log: log.logger });
    await send("GET", `${connectionPath}:checkStatus`);
    const [error, request] = await log.lines(2);
    expect(error).toMatchObject({ level: 50, msg: "internal error" });
    expect(error?.["error"]).toMatch(/^TypeError: no such property, sk_live_\*\*\*\n {4}at /);
    expect(request).toMatchObject({ status: 500 });
  });

  it("has a line for each call that wrote, with where it came from, and for one that may have", async () => {
    const log = recordedLog();
    const write = {
      command: "INSERT",
      statement: "INSERT INTO Customer (Name) VALUES (***)",
      affectedRows: 1,
      calls: [],
    };
    const lost = new StripeSqlError("the call was lost", {
      sqlState: SqlState.connectionFailure,
      phase: "execute",
      stripe: { inDoubt: true },
    });
    const connection = servedBy(async (method, input, options) => {
      const isSelect = JSON.stringify(input).includes("SELECT");
      if (method === "executeAction" || method === "getEntity" || isSelect) throw lost;
      options?.onWrite?.(write);
      return { results: [], metadata: { requests: 1 } } as never;
    });
    const { send } = await startApi(connection, { log: log.logger });
    await send("POST", `${connectionPath}:executeSqlQuery`, { body: { query: { query: "INSERT …" } } });
    await send("POST", `${connectionPath}/actions/CancelQuote:execute`, { body: {} });
    await send("GET", `${connectionPath}/entityTypes/Customer/entities/cus_1`);
    await send("POST", `${connectionPath}:executeSqlQuery`, { body: { query: { query: "SELECT 1" } } });
    const writes = (await log.lines(6)).filter(({ msg }) => msg === "write");
    const facts = { level: 30, connection: "stripe-eu", client: expect.stringMatching(/127\.0\.0\.1$/), msg: "write" };
    expect(writes).toEqual([
      { ...facts, call: "executeSqlQuery", ...write },
      { ...facts, call: "executeAction", inDoubt: true },
    ]);
  });

  it("tells of a client that went away", async () => {
    const log = recordedLog();
    const client = new AbortController();
    const connection = servedBy((_method, _input, options) => {
      client.abort();
      return whenAborted(options);
    });
    const { send } = await startApi(connection, { log: log.logger });
    await expect(send("GET", `${connectionPath}:checkStatus`, { signal: client.signal })).rejects.toThrow();
    expect(await log.lines(1)).toMatchObject([{ status: 499, connection: "stripe-eu" }]);
  });
});
