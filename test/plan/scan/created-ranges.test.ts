import { describe, expect, it, test } from "vitest";
import type { ReliedOn, Statistics } from "../../../src/plan/cost/statistics.js";
import { noStatistics } from "../../../src/plan/cost/statistics.js";
import { createdRange, withinRange } from "../../../src/plan/scan/created-ranges.js";
import type { ListAccess, RequestParameters } from "../../../src/plan/scan/scan.js";
import { tableNamed } from "../../support/planning.js";

function rangeOf(
  name: string,
  { parameters = {}, statistics = noStatistics }: { parameters?: RequestParameters; statistics?: Statistics } = {},
) {
  const table = tableNamed(name);
  const [endpoint] = table.lists;
  if (endpoint === undefined || endpoint.pagination === "singleton") throw new Error(`${name} has no list`);
  const access: ListAccess = {
    kind: "list",
    endpoint,
    accountId: undefined,
    constants: {},
    path: endpoint.path,
    parameters: { ...endpoint.baseParameters, ...parameters },
    bindings: [],
    embeddedAt: undefined,
    filters: [],
    partitions: 1,
    pagination: endpoint.pagination,
    maximumPageSize: endpoint.maximumPageSize,
    budget: "read",
    newestFirstBy: undefined,
    omits: [],
    onClocks: undefined,
  };
  return createdRange({ table, access }, statistics);
}

const all = { since: undefined, before: undefined };

describe("a list that can be read in ranges", () => {
  it.each(["Charge", "Customer", "Subscription", "Invoice", "BalanceTransaction", "Event"])(
    "is one that Stripe gives newest first and filters by created: %s",
    (name) => {
      expect(rangeOf(name)).toEqual(all);
    },
  );

  it.each([
    "PaymentLink",
    "Quote",
    "InvoiceItem",
    "InvoiceLineItem",
    "TreasuryTransaction",
    "ClimateSupplier",
    "TaxCode",
  ])("is none that has no such filter, another order, or a parent: %s", (name) => {
    expect(rangeOf(name)).toBeUndefined();
  });

  it("is of the seconds that the statement asks for itself", () => {
    expect(rangeOf("Charge", { parameters: { created: { gte: 100, lte: 199 } } })).toEqual({ since: 100, before: 200 });
    expect(rangeOf("Charge", { parameters: { created: { gt: 99, lt: 200 } } })).toEqual({ since: 100, before: 200 });
    expect(rangeOf("Charge", { parameters: { created: { gt: 99, gte: 50 } } })).toEqual({
      since: 100,
      before: undefined,
    });
  });

  it.each([
    ["one second", { created: { gte: 100, lte: 100 } }],
    ["one time", { created: 100 }],
    ["times that are no whole seconds", { created: { gte: 100.5 } }],
    ["what follows an object", { starting_after: "ch_1" }],
  ])("is none of %s", (_, parameters) => {
    expect(rangeOf("Charge", { parameters })).toBeUndefined();
  });

  it.each<ReliedOn>([{ kind: "filter", parameter: "created" }, { kind: "order" }])(
    "is none of which Stripe did not keep to what is documented",
    (relied) => {
      const doubtOf: Statistics["doubtOf"] = (_, asked) =>
        JSON.stringify(asked) === JSON.stringify(relied) ? "contradicted" : undefined;
      expect(rangeOf("Charge", { statistics: { ...noStatistics, doubtOf } })).toBeUndefined();
    },
  );
});

test("a range is sent beside the other parameters, its own bounds as the statement gave them", () => {
  const asked = { customer: "cus_1", created: { gt: 99, lte: 199 } };
  expect(withinRange(asked, { since: 100, before: 200 })).toEqual(asked);
  expect(withinRange(asked, { since: 150, before: 200 })).toEqual({ ...asked, created: { gte: 150, lte: 199 } });
  expect(withinRange(asked, { since: 100, before: 150 })).toEqual({ ...asked, created: { gt: 99, lt: 150 } });
  expect(withinRange({}, { since: undefined, before: 150 })).toEqual({ created: { lt: 150 } });
  expect(withinRange({}, all)).toEqual({});
});
