import { describe, expect, it } from "vitest";
import type { Filter, Table } from "../../../src/catalog/catalog.js";
import { accessTo, among, compared, equal, opaque, tableNamed, timeOrText } from "../../support/planning.js";

/** A table with its filter on a column changed. */
function withFilter(name: string, column: string, change: Partial<Filter>): Table {
  const table = tableNamed(name);
  const changed = (filter: Filter) => (filter.column === column ? { ...filter, ...change } : filter);
  return { ...table, lists: table.lists.map((list) => ({ ...list, filters: list.filters.map(changed) })) };
}

describe("a list", () => {
  it("is the whole table where nothing is asked", () => {
    expect(accessTo("Charge", [])).toMatchObject({ scan: "exact", requests: ["GET /v1/charges"], newestFirst: true });
  });

  it("is asked with what makes it mean its whole table: subscriptions without a status lack canceled ones", () => {
    expect(accessTo("Subscription", []).requests).toEqual(["GET /v1/subscriptions?status=all"]);
    expect(accessTo("Subscription", [equal("Status", "active")]).requests).toEqual([
      "GET /v1/subscriptions?status=active",
    ]);
    expect(accessTo("Price", []).requests).toEqual(["GET /v1/prices?active=true", "GET /v1/prices?active=false"]);
  });

  it("is compared again where Stripe's filter is looser than SQL's equality, and then has no limit", () => {
    const loose = withFilter("Customer", "Email", { exact: false });
    const asked = { requests: ["GET /v1/customers?email=a"] };
    expect(accessTo(loose, [equal("Email", "a")], { limit: 3 })).toMatchObject({
      ...asked,
      scan: "inexact",
      limit: undefined,
      verdicts: ["inexact"],
    });
    expect(accessTo("Customer", [equal("Email", "a")], { limit: 3 })).toMatchObject({
      ...asked,
      scan: "exact",
      limit: 3,
      verdicts: ["exact"],
    });
  });

  it("leaves what Stripe cannot filter to the local engine", () => {
    expect(accessTo("Charge", [equal("Currency", "usd"), opaque("Amount")])).toMatchObject({
      scan: "inexact",
      requests: ["GET /v1/charges"],
      verdicts: ["unsupported", "unsupported"],
    });
  });

  it("is not asked with an empty text, which Stripe would refuse", () => {
    expect(accessTo("Customer", [equal("Email", "")])).toMatchObject({
      requests: ["GET /v1/customers"],
      verdicts: ["unsupported"],
    });
  });

  it("takes all the filters that Stripe has at once", () => {
    const between = [compared("Created", ">=", "2026-01-01"), compared("Created", "<", "2026-02-01")];
    expect(accessTo("Charge", [equal("Customer", "cus_1"), ...between])).toMatchObject({
      scan: "exact",
      requests: ['GET /v1/charges?created={"gte":1767225600,"lte":1769903999}&customer=cus_1'],
      verdicts: ["exact", "exact", "exact"],
    });
  });

  it("is asked for one second where a time is given", () => {
    expect(accessTo("Charge", [compared("Created", "=", "2026-01-01")]).requests).toEqual([
      'GET /v1/charges?created={"gte":1767225600,"lte":1767225600}',
    ]);
  });

  it("is asked once for each of a column's values, of one column only", () => {
    expect(
      accessTo("Charge", [among("Customer", "cus_1", "cus_2"), among("PaymentIntent", "pi_1", "pi_2", "pi_3")]),
    ).toMatchObject({
      requests: ["GET /v1/charges?customer=cus_1", "GET /v1/charges?customer=cus_2"],
      verdicts: ["exact", "unsupported"],
      newestFirst: false,
    });
  });

  it("is read whole where that takes fewer requests than a hundred values", () => {
    const many = Array.from({ length: 101 }, (_, index) => `cus_${index}`);
    expect(accessTo("Charge", [among("Customer", ...many)])).toMatchObject({
      requests: ["GET /v1/charges"],
      verdicts: ["unsupported"],
    });
  });

  it("takes ten values at once where Stripe takes a list of them", () => {
    const keys = Array.from({ length: 12 }, (_, index) => `k${index}`);
    const { requests } = accessTo("Price", [among("LookupKey", ...keys), equal("Active", true)]);
    expect(requests).toEqual([
      `GET /v1/prices?active=true&lookup_keys=${JSON.stringify(keys.slice(0, 10))}`,
      'GET /v1/prices?active=true&lookup_keys=["k10","k11"]',
    ]);
  });

  it("never sends a value that the parameter does not know, though the column may hold it", () => {
    expect(accessTo("Topup", [equal("Status", "reversed")])).toMatchObject({
      scan: "inexact",
      requests: ["GET /v1/topups"],
      verdicts: ["unsupported"],
    });
  });

  it("is rechecked where Stripe matches more than SQL does", () => {
    const code = withFilter("Charge", "Customer", { exact: false });
    expect(accessTo(code, [equal("Customer", "cus_1")], { limit: 1 })).toMatchObject({
      scan: "inexact",
      limit: undefined,
      requests: ["GET /v1/charges?customer=cus_1"],
      verdicts: ["inexact"],
    });
  });

  it("is rechecked where a bound came from the clock, which DuckDB reads later", () => {
    const clock = { type: "timestamp", seconds: 1_767_225_600.25, clock: true } as const;
    const since = { kind: "compare", column: "Created", operator: ">=", value: clock } as const;
    expect(accessTo("Charge", [since])).toMatchObject({
      scan: "inexact",
      requests: ['GET /v1/charges?created={"gte":1767225601}'],
      verdicts: ["inexact"],
    });
    expect(accessTo("Charge", [{ ...since, operator: "<" }])).toMatchObject({
      requests: ["GET /v1/charges"],
      verdicts: ["unsupported"],
    });
  });

  it("of API v2 keeps fractions of a second: bounds go outwards, and rows are rechecked", () => {
    const events = tableNamed("Event", "v2");
    const since = {
      kind: "compare",
      column: "Created",
      operator: ">",
      value: timeOrText("2026-01-01 00:00:00.5"),
    } as const;
    const answer = accessTo(events, [since]);
    expect(answer.scan).toBe("inexact");
    expect(answer.requests[0]).toContain('"gte":"2026-01-01T00:00:00.000Z"');
  });

  it("takes a pseudo-column even where pushdown is off, for nothing else can judge it", () => {
    const predicates = [equal("Payout", "po_1"), equal("Type", "charge")];
    expect(accessTo("BalanceTransaction", predicates, { pushdown: false })).toMatchObject({
      requests: ["GET /v1/balance_transactions?payout=po_1"],
      verdicts: ["exact", "unsupported"],
    });
  });

  it("refuses a pseudo-column that it cannot be asked with", () => {
    const refusal = (use: () => unknown) =>
      expect(use).toThrow('column "Payout" of "BalanceTransaction" can only be compared with = to a constant');
    refusal(() => accessTo("BalanceTransaction", [compared("Payout", ">", "po_1")]));
    refusal(() => accessTo("BalanceTransaction", [opaque("Payout")]));
    refusal(() =>
      accessTo("BalanceTransaction", [{ kind: "or", branches: [[equal("Payout", "po_1")], [opaque("Type")]] }]),
    );
  });

  it("refuses two pseudo-columns that no one request takes", () => {
    expect(() => accessTo("Subscription", [equal("SearchQuery", "a"), equal("Price", "price_1")])).toThrow(
      'table "Subscription" cannot be read with these conditions',
    );
  });
});

describe("a list within another", () => {
  it("is the one of the parent whose key is given", () => {
    expect(accessTo("InvoiceLineItem", [equal("Invoice", "in_1")])).toMatchObject({
      scan: "exact",
      requests: ["GET /v1/invoices/in_1/lines"],
      verdicts: ["exact"],
      notices: [],
    });
    expect(accessTo("InvoiceLineItem", [among("Invoice", "in_1", "in_2")], { limit: 3 })).toMatchObject({
      limit: 3,
      requests: ["GET /v1/invoices/in_1/lines", "GET /v1/invoices/in_2/lines"],
    });
  });

  it("is read through every parent where none is given, and says so", () => {
    expect(accessTo("InvoiceLineItem", [])).toMatchObject({
      requests: ["GET /v1/invoices/{invoice}/lines for each of GET /v1/invoices"],
      notices: ["InvoiceLineItem is read through every Invoice; Invoice = '…' in WHERE reads one"],
    });
  });

  it("is read through the parents of its own account", () => {
    expect(accessTo("CheckoutSessionLineItem", [equal("AccountId", "acct_1")]).requests).toEqual([
      'GET /v1/checkout/sessions/{session}/line_items as acct_1 for each of GET /v1/checkout/sessions?expand=["data.line_items"] as acct_1',
    ]);
  });

  it("never has Stripe's order, for each parent's rows come together", () => {
    expect(accessTo("CustomerTaxId", [], { limit: 2, order: "created-descending" })).toMatchObject({
      newestFirst: false,
      limit: undefined,
    });
  });

  it("of an empty id reads nothing", () => {
    expect(accessTo("InvoiceLineItem", [equal("Invoice", "")]).requests).toEqual([]);
  });
});
