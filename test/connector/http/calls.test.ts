import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import type { CallOptions } from "../../../src/connector/connector.js";
import { SqlState } from "../../../src/error/sql-state.js";
import { StripeSqlError } from "../../../src/error/stripe-sql-error.js";
import { connectionPath, failureOf, startApi, token } from "./running-api.js";
import { serve, servedBy } from "./served-connector.js";
import { tableConnector, whenAborted } from "./table-connector.js";

const list = `${connectionPath}/entityTypes/Customer/entities`;

/** A promise, and what ends it. */
function gate<Value = void>() {
  let open: (value: Value) => void = () => undefined;
  const opened = new Promise<Value>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

describe("a call's time", () => {
  it("ends it with DEADLINE_EXCEEDED", async () => {
    const { send } = await startApi(
      servedBy((_method, _input, options) => whenAborted(options)),
      { requestTimeoutMs: 20 },
    );
    expect(failureOf(await send("GET", list))).toMatchObject({ status: 504, code: "DEADLINE_EXCEEDED" });
  });

  it("lets a call say what it had done by then", async () => {
    const connection = servedBy(async (_method, _input, options) =>
      whenAborted(options).catch(() => {
        throw new StripeSqlError("canceling statement due to user request", {
          sqlState: SqlState.queryCanceled,
          phase: "stripe",
          detail: "It may have been carried out all the same: look before it is repeated.",
          stripe: { inDoubt: true },
        });
      }),
    );
    const { send } = await startApi(connection, { requestTimeoutMs: 20 });
    const answer = await send("POST", list, { body: { fields: {} } });
    expect(failureOf(answer)).toMatchObject({ status: 504, metadata: { inDoubt: "true" } });
    expect(failureOf(answer).metadata?.["detail"]).toContain("look before it is repeated");
  });

  it("lets an answer through that comes just too late", async () => {
    const connection = servedBy((async (_method: unknown, _input: unknown, options?: CallOptions) =>
      whenAborted(options).catch(() => ({ connectorOutputPayload: { Id: "cus_1" } }))) as never);
    const { send } = await startApi(connection, { requestTimeoutMs: 20 });
    expect(await send("POST", list, { body: { fields: {} } })).toMatchObject({ status: 200 });
  });

  it("ends one that does not come back, and says that a write may have happened", async () => {
    const { send } = await startApi(
      servedBy(() => new Promise(() => {})),
      { requestTimeoutMs: 20 },
    );
    const answer = await send("POST", list, { body: { fields: {} } });
    expect(failureOf(answer)).toMatchObject({ status: 504, reason: "CALL_LOST", metadata: { inDoubt: "true" } });
  });

  it("is a statement's own where that is shorter", async () => {
    const { send } = await startApi(servedBy((_method, _input, options) => whenAborted(options)));
    const body = { query: { query: "SELECT 1", timeout: "1" } };
    expect(failureOf(await send("POST", `${connectionPath}:executeSqlQuery`, { body }))).toMatchObject({ status: 504 });
  });

  it("is the request's where a statement asks for longer", async () => {
    const { send } = await startApi(
      servedBy((_method, _input, options) => whenAborted(options)),
      { requestTimeoutMs: 20 },
    );
    const body = { query: { query: "SELECT 1", timeout: 9007199254740991 } };
    expect(failureOf(await send("POST", `${connectionPath}:executeSqlQuery`, { body }))).toMatchObject({ status: 504 });
  });
});

describe("an idempotency key", () => {
  it("goes with the call", async () => {
    const keys: unknown[] = [];
    const connection = servedBy((async (_method: unknown, _input: unknown, options?: CallOptions) => {
      keys.push(options?.idempotencyKey);
      return { connectorOutputPayload: { Id: "cus_1" } };
    }) as never);
    const { send } = await startApi(connection);
    await send("POST", list, { body: { fields: {} }, headers: { "idempotency-key": "order-17" } });
    await send("POST", list, { body: { fields: {} } });
    expect(keys).toEqual(["order-17", undefined]);
  });

  it("is refused where it is none", async () => {
    const { send } = await startApi(servedBy(() => new Promise(() => {})));
    const answer = await send("POST", list, { body: { fields: {} }, headers: { "idempotency-key": "a b" } });
    expect(failureOf(answer)).toMatchObject({ status: 400, reason: "INVALID_HEADER" });
  });
});

describe("a client that goes away", () => {
  it("ends its call", async () => {
    const asked = gate();
    const ended = gate();
    const connection = servedBy((_method, _input, options) => {
      asked.open();
      options?.signal?.addEventListener("abort", () => ended.open());
      return whenAborted(options);
    });
    const { send } = await startApi(connection);
    const client = new AbortController();
    const answer = send("GET", list, { signal: client.signal }).catch((error: Error) => error.name);
    await asked.opened;
    client.abort();
    await ended.opened;
    expect(await answer).toBe("AbortError");
  });

  it("ends no other call", async () => {
    const asked = gate();
    const connector = tableConnector();
    const table = serve(connector);
    const connection = servedBy((method, input, options) => {
      if (method !== "executeSqlQuery") return table.call(method, input, options);
      asked.open();
      return whenAborted(options);
    });
    const { send } = await startApi(connection);
    const client = new AbortController();
    const body = { query: { query: "SELECT 1" } };
    const hanging = send("POST", `${connectionPath}:executeSqlQuery`, { body, signal: client.signal });
    await asked.opened;
    const others = [1, 2, 3].map(() => send("POST", list, { body: { fields: {} } }));
    client.abort();
    await expect(hanging).rejects.toThrow();
    expect((await Promise.all(others)).map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it("ends every call that it sent on one connection", async () => {
    const begun = [gate(), gate(), gate()];
    const ended = [gate(), gate(), gate()];
    let calls = 0;
    const connection = servedBy((_method, _input, options) => {
      const index = calls;
      calls += 1;
      options?.signal?.addEventListener("abort", () => ended[index]?.open());
      begun[index]?.open();
      return whenAborted(options);
    });
    const { port } = await startApi(connection);
    const socket = connect(port, "127.0.0.1");
    const request = `GET ${list} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n\r\n`;
    socket.write(request.repeat(3));
    await Promise.all(begun.map(({ opened }) => opened));
    socket.destroy();
    await Promise.all(ended.map(({ opened }) => opened));
  });

  it("may be done with sending, and still be answered", async () => {
    const { port } = await startApi(serve(tableConnector()));
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    socket.end(`GET ${list} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    let text = "";
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    await once(socket, "end");
    expect(text).toContain("HTTP/1.1 200 OK");
  });
});

describe("closing", () => {
  it("finishes what runs, and takes nothing further", async () => {
    const asked = gate();
    const release = gate();
    const connection = servedBy((async () => {
      asked.open();
      await release.opened;
      return { status: "READY" };
    }) as never);
    const { api, send, url } = await startApi(connection);
    const underWay = send("GET", `${connectionPath}:checkReadiness`);
    await asked.opened;
    const closed = api.close();
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
    release.open();
    const answer = await underWay;
    expect(answer).toMatchObject({ status: 200, body: { status: "READY" } });
    expect(answer.headers.get("connection")).toBe("close");
    await closed;
  });

  it("refuses what comes on a connection that is still open", async () => {
    const asked = gate();
    const release = gate();
    const connection = servedBy((async () => {
      asked.open();
      await release.opened;
      return { status: "READY" };
    }) as never);
    const { api, port } = await startApi(connection);
    const socket = connect(port, "127.0.0.1");
    const headers = `Host: a\r\nAuthorization: Bearer ${token}\r\n\r\n`;
    let text = "";
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    socket.write(`GET ${connectionPath}:checkReadiness HTTP/1.1\r\n${headers}`);
    await asked.opened;
    const closed = api.close();
    socket.write(`GET ${connectionPath}:checkReadiness HTTP/1.1\r\n${headers}`);
    release.open();
    await once(socket, "close");
    await closed;
    const statuses = [...text.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => status);
    expect(statuses[0]).toBe("200");
    expect(statuses.slice(1).every((status) => status === "503")).toBe(true);
  });

  it("does not wait for connections that ask nothing", async () => {
    const { api, port, send } = await startApi(serve(tableConnector()));
    const silent = connect(port, "127.0.0.1");
    await once(silent, "connect");
    await send("GET", "/healthz");
    await api.close();
  });

  it("may be called before it listens, and twice", async () => {
    const { api } = await startApi(serve(tableConnector()));
    await Promise.all([api.close(), api.close()]);
  });
});

describe("listening", () => {
  it("fails with the address where it is taken", async () => {
    const { port } = await startApi(serve(tableConnector()));
    const { api } = await startApi(serve(tableConnector()));
    await api.close();
    const { openHttpApi } = await import("../../../src/connector/http/open-http-api.js");
    const other = await openHttpApi({ connections: [], token });
    await expect(other.listen({ host: "127.0.0.1", port })).rejects.toMatchObject({
      sqlState: "22023",
      message: `the HTTP API cannot listen on 127.0.0.1, port ${port}`,
    });
    await other.close();
  });
});
