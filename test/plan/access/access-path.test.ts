import { describe, expect, it } from "vitest";
import type { AccessRequest } from "../../../src/plan/access/candidate.js";
import { accessTo, among, compared, equal, opaque } from "../../support/planning.js";

const newest: Partial<AccessRequest> = { limit: 3, order: "created-descending" };

describe("a limit", () => {
  it("reaches Stripe where every condition is exact", () => {
    expect(accessTo("Charge", [], { limit: 3 }).limit).toBe(3);
    expect(accessTo("Charge", [equal("Customer", "cus_1")], { limit: 3 }).limit).toBe(3);
  });

  it("does not where one is left: LIMIT over unfiltered rows once lost the rows of later pages", () => {
    const answer = accessTo("Charge", [equal("Customer", "cus_1"), opaque("Amount")], { limit: 3 });
    expect(answer).toMatchObject({ scan: "inexact", limit: undefined });
  });

  it("reaches Stripe in Stripe's own order only", () => {
    expect(accessTo("Charge", [], newest).limit).toBe(3);
    expect(accessTo("Charge", [], { limit: 3, order: "other" })).toMatchObject({ scan: "exact", limit: undefined });
  });

  it("does not where several lists would have to be merged by time", () => {
    expect(accessTo("Charge", [among("Customer", "a", "b")], newest).limit).toBeUndefined();
    expect(accessTo("Charge", [among("Customer", "a", "b")], { limit: 3 }).limit).toBe(3);
    expect(accessTo("Price", [], newest).limit).toBeUndefined();
  });

  it("does not where pushdown is off and a condition is left", () => {
    expect(accessTo("Charge", [equal("Customer", "cus_1")], { limit: 3, pushdown: false })).toMatchObject({
      scan: "inexact",
      requests: ["GET /v1/charges"],
    });
  });
});

describe("conditions that no row can satisfy", () => {
  it.each([
    ["one that is never true", [{ kind: "never" } as const]],
    ["two values of one column", [equal("Customer", "a"), equal("Customer", "b")]],
    ["an empty range", [compared("Created", ">", "2026-02-01"), compared("Created", "<", "2026-01-01")]],
    ["a fraction of a second in whole ones", [compared("Created", "=", "2026-01-01 00:00:00.5")]],
    [
      "the gap between two seconds",
      [compared("Created", ">", "2026-01-01"), compared("Created", "<", "2026-01-01 00:00:01")],
    ],
  ])("cost no request: %s", (_, predicates) => {
    expect(accessTo("Charge", predicates)).toMatchObject({
      scan: "empty",
      requests: [],
      verdicts: predicates.map(() => "exact"),
    });
  });

  it("are still sent where pushdown is off", () => {
    expect(accessTo("Charge", [{ kind: "never" }], { pushdown: false })).toMatchObject({
      requests: ["GET /v1/charges"],
    });
  });
});

describe("accounts", () => {
  it("are asked each for its own rows", () => {
    expect(accessTo("Customer", [among("AccountId", "acct_1", "acct_2")], { limit: 3 })).toMatchObject({
      scan: "exact",
      requests: ["GET /v1/customers as acct_1", "GET /v1/customers as acct_2"],
      verdicts: ["exact"],
    });
  });

  it("are asked by id, by filter and by search alike", () => {
    const account = equal("AccountId", "acct_1");
    expect(accessTo("Customer", [account, equal("Id", "cus_1")]).requests).toEqual([
      "GET /v1/customers/cus_1 as acct_1",
    ]);
    expect(accessTo("Customer", [account, equal("Email", "a")]).requests).toEqual([
      "GET /v1/customers?email=a as acct_1",
    ]);
    expect(accessTo("Customer", [account, equal("SearchQuery", "q")]).requests).toEqual([
      "GET /v1/customers/search?query=q as acct_1",
    ]);
  });
});

describe("a search", () => {
  it("is sent as it is written, and only where it is asked for", () => {
    expect(accessTo("Customer", [equal("SearchQuery", "email:'a'"), equal("Email", "a")])).toMatchObject({
      scan: "inexact",
      requests: ["GET /v1/customers/search?query=email:'a'"],
      verdicts: ["exact", "unsupported"],
    });
    expect(accessTo("Customer", [equal("Name", "a")]).requests).toEqual(["GET /v1/customers"]);
  });

  it("gives as many rows as are wanted in any order, and all of them where they are to be the newest", () => {
    const query = [equal("SearchQuery", "q")];
    const requests = ["GET /v1/customers/search?query=q"];
    expect(accessTo("Customer", query, { limit: 3 })).toMatchObject({ requests, limit: 3, newestFirst: false });
    const newest = accessTo("Customer", query, { limit: 3, order: "created-descending" });
    expect(newest).toMatchObject({ requests, limit: undefined, newestFirst: false });
  });

  it("is refused where no search can be sent: beneath OR, or by comparison", () => {
    const refused = 'column "SearchQuery" of "Customer" can only be compared with = to a constant';
    expect(() =>
      accessTo("Customer", [{ kind: "or", branches: [[equal("SearchQuery", "a")], [opaque("Email")]] }]),
    ).toThrow(refused);
    expect(() => accessTo("Customer", [compared("SearchQuery", ">", "a")])).toThrow(refused);
  });
});

describe("OR", () => {
  const or = (...branches: Parameters<typeof accessTo>[1][]) => ({ kind: "or", branches }) as const;

  it("is the requests of its branches where each is pushed", () => {
    expect(accessTo("Charge", [or([equal("Customer", "a")], [equal("PaymentIntent", "p")])])).toMatchObject({
      scan: "exact",
      requests: ["GET /v1/charges?customer=a", "GET /v1/charges?payment_intent=p"],
      verdicts: ["exact"],
    });
  });

  it("is the whole table where one branch is not", () => {
    expect(accessTo("Charge", [or([equal("Customer", "a")], [equal("Currency", "usd")])])).toMatchObject({
      requests: ["GET /v1/charges"],
      verdicts: ["unsupported"],
    });
  });

  it("carries the conditions beside it into each branch", () => {
    const beside = equal("Customer", "a");
    expect(accessTo("Charge", [or([equal("PaymentIntent", "p")], [equal("Id", "ch_1")]), beside])).toMatchObject({
      scan: "inexact",
      requests: ["GET /v1/charges?customer=a&payment_intent=p", "GET /v1/charges/ch_1"],
      verdicts: ["exact", "unsupported"],
    });
  });

  it("drops a branch that no row satisfies", () => {
    const impossible = [equal("Customer", "a"), equal("Customer", "b")];
    expect(accessTo("Charge", [or([equal("Id", "ch_1")], impossible)]).requests).toEqual(["GET /v1/charges/ch_1"]);
  });

  it("has no order of Stripe's, and is as exact as its least exact branch", () => {
    expect(
      accessTo("Charge", [or([equal("Customer", "a")], [equal("Id", "ch_1"), opaque("Amount")])], newest),
    ).toMatchObject({
      scan: "inexact",
      newestFirst: false,
      limit: undefined,
    });
  });

  it("of more than twenty branches is read whole", () => {
    const branches = Array.from({ length: 21 }, (_, index) => [
      equal(index % 2 ? "Customer" : "PaymentIntent", `x${index}`),
    ]);
    expect(accessTo("Charge", [or(...branches)]).requests).toEqual(["GET /v1/charges"]);
  });
});

describe("a value that the SDK does not know of an open enum", () => {
  const notice =
    "the SDK knows no Subscription.Status 'outstanding'; nearest are 'trialing', 'past_due', 'unpaid', 'active', 'paused'";

  it("is sent all the same, with a notice of the nearest few", () => {
    expect(accessTo("Subscription", [equal("Status", "outstanding")])).toMatchObject({
      scan: "exact",
      requests: ["GET /v1/subscriptions?status=outstanding"],
      notices: [notice],
    });
  });

  it("is one of several lists", () => {
    expect(accessTo("Subscription", [among("Status", "active", "outstanding")])).toMatchObject({
      scan: "exact",
      requests: ["GET /v1/subscriptions?status=active", "GET /v1/subscriptions?status=outstanding"],
      verdicts: ["exact"],
      notices: [notice],
    });
  });

  it("is asked for apart from those that it knows, which a refusal would take along", () => {
    expect(accessTo("Event", [among("Type", "charge.failed", "charge.new")]).requests).toEqual([
      'GET /v1/events?types=["charge.failed"]',
      'GET /v1/events?types=["charge.new"]',
    ]);
  });

  it("is left to the local engine where it is not compared for equality", () => {
    expect(accessTo("Subscription", [compared("Status", "<>", "outstanding")])).toMatchObject({
      requests: ["GET /v1/subscriptions?status=all"],
      verdicts: ["unsupported"],
      notices: [],
    });
  });

  it.each([
    ["Invoice", "Status", "outstanding", "GET /v1/invoices?status=outstanding"],
    ["PaymentMethod", "Type", "new_money", "GET /v1/payment_methods?type=new_money"],
    ["BalanceTransaction", "Type", "new_fee", "GET /v1/balance_transactions?type=new_fee"],
    ["Event", "Type", "customer.new_thing", 'GET /v1/events?types=["customer.new_thing"]'],
    ["Quote", "Status", "new", "GET /v1/quotes?status=new"],
    ["File", "Purpose", "new", "GET /v1/files?purpose=new"],
    ["Price", "RecurringInterval", "decade", 'recurring={"interval":"decade"}'],
    ["IssuingAuthorization", "Status", "new", "GET /v1/issuing/authorizations?status=new"],
    ["TerminalReader", "DeviceType", "new", "GET /v1/terminal/readers?device_type=new"],
    ["CheckoutSession", "Status", "new", "GET /v1/checkout/sessions?status=new"],
    ["TreasuryReceivedDebit", "Status", "new", "status=new"],
  ])("of %s.%s is sent", (table, column, value, request) => {
    const { requests, notices } = accessTo(table, [equal(column, value)]);
    expect(requests.every((sent) => sent.includes(request))).toBe(true);
    expect(notices.filter((notice) => notice.startsWith("the SDK knows no"))).toHaveLength(1);
    expect((notices[0]?.match(/'/g) ?? []).length / 2).toBeLessThanOrEqual(6);
  });
});

describe("a value that no row can have", () => {
  it.each([
    [
      "BillingFeedbackOption",
      "Status",
      "new",
      "BillingFeedbackOption.Status is never 'new'; nearest are 'active', 'inactive'",
    ],
    // "all" and "ended" are instructions to the filter.
    [
      "TaxRegistration",
      "Status",
      "all",
      "TaxRegistration.Status is never 'all'; nearest are 'active', 'expired', 'scheduled'",
    ],
  ])("of %s.%s is no request", (table, column, value, notice) => {
    expect(accessTo(table, [equal(column, value)])).toMatchObject({ scan: "empty", requests: [], notices: [notice] });
  });

  it("of a closed enum is asked for where the connection has another version of the API", () => {
    const wanted = [equal("Status", "new")];
    const { scan, notices } = accessTo("BillingFeedbackOption", wanted, { closedEnumsHold: false });
    expect({ scan, notices }).toEqual({
      scan: "inexact",
      notices: ["the SDK knows no BillingFeedbackOption.Status 'new'; nearest are 'active', 'inactive'"],
    });
  });
});

describe("a filter that knows fewer values than its column", () => {
  it("is not used for the others", () => {
    expect(accessTo("PaymentMethod", [equal("Type", "card_present")])).toMatchObject({
      scan: "inexact",
      requests: ["GET /v1/payment_methods", "GET /v1/payment_methods?type=custom"],
    });
  });
});
