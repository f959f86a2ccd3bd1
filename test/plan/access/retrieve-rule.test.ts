import { describe, expect, it } from "vitest";
import { accessTo, among, equal, opaque } from "../../support/planning.js";

describe("an id in the conditions", () => {
  it.each(["", ".", ".."])("that is %j is no object's, and no other path is asked for", (id) => {
    expect(accessTo("Customer", [equal("Id", id)])).toMatchObject({ requests: [], verdicts: ["exact"] });
    expect(accessTo("CustomerTaxId", [equal("Customer", id), equal("Id", "txi_1")]).requests).toEqual([]);
  });

  it("is one GET", () => {
    expect(accessTo("Customer", [equal("Id", "cus_1")])).toEqual({
      scan: "exact",
      limit: undefined,
      requests: ["GET /v1/customers/cus_1"],
      verdicts: ["exact"],
      newestFirst: true,
      notices: [],
    });
  });

  it("is escaped in the path", () => {
    expect(accessTo("Customer", [equal("Id", "a b#c")]).requests).toEqual(["GET /v1/customers/a%20b%23c"]);
  });

  it("is no request where it would make another call of the path", () => {
    for (const id of ["search", "../charges?x", "a/b", ""])
      expect(accessTo("Customer", [equal("Id", id)]).requests).toEqual([]);
  });

  it("is one GET for each of several, each once", () => {
    expect(accessTo("Customer", [among("Id", "cus_1", "cus_2", "cus_1")], { limit: 5 })).toMatchObject({
      scan: "exact",
      limit: 5,
      requests: ["GET /v1/customers/cus_1", "GET /v1/customers/cus_2"],
    });
  });

  it("beats every filter, and leaves the other conditions to the local engine", () => {
    expect(accessTo("Customer", [equal("Email", "a@b.c"), equal("Id", "cus_1"), opaque("Name")])).toMatchObject({
      scan: "inexact",
      requests: ["GET /v1/customers/cus_1"],
      verdicts: ["unsupported", "exact", "unsupported"],
    });
  });

  it("takes its parent's key along where Stripe's path has it", () => {
    expect(accessTo("Capability", [equal("Account", "acct_1"), equal("Id", "card_payments")]).requests).toEqual([
      "GET /v1/accounts/acct_1/capabilities/card_payments",
    ]);
    expect(accessTo("Capability", [equal("Id", "card_payments")]).requests).toEqual([
      "GET /v1/accounts/{account}/capabilities for each of GET /v1/accounts",
    ]);
  });

  it("gives way to a filter that only Stripe can judge", () => {
    expect(accessTo("BalanceTransaction", [equal("Payout", "po_1"), equal("Id", "txn_1")])).toMatchObject({
      requests: ["GET /v1/balance_transactions?payout=po_1"],
      verdicts: ["exact", "unsupported"],
    });
  });

  it("asks for what Stripe sends on request only", () => {
    expect(accessTo("Refund", [equal("Id", "re_1")], { includes: [["charge"], ["a", "b"]] }).requests).toEqual([
      'GET /v1/refunds/re_1?expand=["charge","a.b"]',
    ]);
  });
});
