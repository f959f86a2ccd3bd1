import { describe, expect, it } from "vitest";
import type { Table } from "../../../src/catalog/catalog.js";
import { keyForCall } from "../../../src/execute/write/key-for-call.js";
import { tableNamed } from "../../support/planning.js";

function keyOfUpdate(table: Table, path: string, id: string, accountId?: string): string {
  if (table.update === undefined) throw new Error(`${table.name} is not updated`);
  return keyForCall("key", { endpoint: table.update, path, parameters: {}, accountId, id }, 5);
}

const customer = (id: string, accountId?: string): string =>
  keyOfUpdate(tableNamed("Customer"), `/v1/customers/${encodeURIComponent(id)}`, id, accountId);

describe("the key of a call", () => {
  it("has the object's id behind the statement's key", () => {
    expect(customer("cus_1")).toBe("key-cus_1");
  });

  it("tells objects apart whose ids are alike within two parents or accounts", () => {
    const capability = (account: string): string =>
      keyOfUpdate(tableNamed("Capability"), `/v1/accounts/${account}/capabilities/card_payments`, "card_payments");
    expect([capability("acct_1"), capability("acct_2")]).toEqual([
      "key-acct_1-card_payments",
      "key-acct_2-card_payments",
    ]);
    expect(customer("cus_1", "acct_1")).toBe("key-acct_1-cus_1");
  });

  it("can be a header's value whatever the id is", () => {
    const keys = ["ä b", "x".repeat(300), `${"x".repeat(299)}y`].map((id) => customer(id));
    expect(keys[0]).toBe("key-%C3%A4%20b");
    for (const key of keys) expect(key).toMatch(/^[\x21-\x7e]{1,255}$/);
    expect(new Set(keys).size).toBe(3);
  });
});
