import { describe, expect, it } from "vitest";
import type { Row } from "../../src/driver/api.js";
import { moneyRows } from "../../src/repl/money-rows.js";
import type { FakeResult } from "./fake-connection.js";
import { rowStream } from "./fake-connection.js";

const result: FakeResult = {
  columns: [
    { name: "Amount", type: "BIGINT", currency: "Currency" },
    { name: "Currency", type: "VARCHAR" },
    { name: "Other", type: "BIGINT" },
  ],
  rows: [
    { Amount: 1500, Currency: "usd", Other: 1500 },
    { Amount: 1500, Currency: "jpy", Other: 1500 },
    { Amount: null, Currency: "usd", Other: 1 },
    { Amount: 0, Currency: null, Other: 1 },
    { Amount: 7, Currency: null, Other: 1 },
  ],
};

describe("amounts that are shown as money", () => {
  it("are those whose row tells the currency; the others are counted", async () => {
    const rows = moneyRows(rowStream(result));
    expect((await rows.columns()).map(({ type }) => type)).toEqual(["DECIMAL", "VARCHAR", "BIGINT"]);
    const texts: (string | null)[] = [];
    for await (const [text = null] of rows.texts("sql")) texts.push(text);
    expect(texts).toEqual(["15.00", "1500", null, "0", "7"]);
    expect((await rows.summary()).notices).toEqual(["1 amount has no currency, and is shown in minor units"]);
  });

  it("are numbers of JSON, and texts of rows by name", async () => {
    const texts: unknown[] = [];
    for await (const [text = null] of moneyRows(rowStream(result)).texts("json")) texts.push(text);
    expect(texts).toEqual(["15.00", "1500", "null", "0", "7"]);
    const rows: Row[] = [];
    for await (const row of moneyRows(rowStream(result))) rows.push(row);
    expect(rows.map(({ Amount }) => Amount)).toEqual(["15.00", "1500", null, "0", "7"]);
  });
});
