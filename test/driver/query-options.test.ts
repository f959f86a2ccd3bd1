import { describe, expect, it } from "vitest";
import type { QueryOptions } from "../../src/driver/api.js";
import { connectSandbox } from "../support/sandbox-connection.js";
import { errorOf } from "../support/scripted-client.js";

const running = connectSandbox({ customers: 3 });
const sql = "SELECT Id FROM Customer LIMIT 1";

/** As a program without types may give them. */
const options = (given: unknown) => given as QueryOptions;

describe("options of a query", () => {
  it.each([
    [null, "query options are given as an object"],
    ["fast", "query options are given as an object"],
    [{ signal: {} }, '"signal" is an AbortSignal'],
    [{ signal: "x" }, '"signal" is an AbortSignal'],
    [{ onProgress: 5 }, '"onProgress" is a function'],
    [{ confirmWrite: true }, '"confirmWrite" is a function'],
  ])("%j are refused as a mistake of the caller's", async (given, message) => {
    const error = await errorOf(running.query(sql, undefined, options(given)));
    expect(error).toMatchObject({ sqlState: "22023", message });
    expect(running.sandbox.requests.entries).toEqual([]);
  });

  it.each([{ signal: null }, { onProgress: null, confirmWrite: null }])("%j are none", async (given) => {
    expect((await running.query(sql, undefined, options(given))).rows).toHaveLength(1);
  });
});

it("a prepared statement's mistakes come by its promise", async () => {
  const prepared = running.connection.prepare("SELECT Id FROM Customer WHERE Id = @id");
  const promise = prepared.query({});
  expect(await errorOf(promise)).toMatchObject({ sqlState: "22023" });
});

it("a closed connection is described no more", async () => {
  const other = await running.open();
  await other.close();
  expect(() => other.describe()).toThrow(expect.objectContaining({ sqlState: "08006" }));
});
