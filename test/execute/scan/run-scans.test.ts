import { describe, expect, it } from "vitest";
import type { Catalog, Column, Table } from "../../../src/catalog/catalog.js";
import { SqlState } from "../../../src/error/sql-state.js";
import { StripeSqlError } from "../../../src/error/stripe-sql-error.js";
import type { ComputeKeys, TakeRows } from "../../../src/execute/scan/run-scans.js";
import { runScans } from "../../../src/execute/scan/run-scans.js";
import type { StatementContext } from "../../../src/execute/statement-context.js";
import { noStatistics } from "../../../src/plan/cost/statistics.js";
import type { SelectPlan } from "../../../src/plan/select/select-plan.js";
import type { JsonObject } from "../../../src/value/json.js";
import { HeldClient, listPage } from "../../support/held-client.js";
import { sharedCatalog, tableNamed } from "../../support/planning.js";
import { errorOf, freshScope } from "../../support/scripted-client.js";
import { statementContext } from "../../support/statement-context.js";
import { planOf } from "../../support/statement-planning.js";
import { unhandledRejectionsOf } from "../../support/unhandled-rejections.js";

const ids = (...names: readonly string[]): readonly JsonObject[] => names.map((id) => ({ id }));

/** A plan's scans under way, and the ids that came for each table, in order. */
function running(plan: SelectPlan, changes: Partial<StatementContext> = {}) {
  const client = new HeldClient();
  const taken: Record<string, unknown[]> = {};
  const take: TakeRows = async ({ name }, { objects, constants }) => {
    const rows = objects.map(({ id }) => (constants["Invoice"] === undefined ? id : `${constants["Invoice"]}/${id}`));
    taken[name] = [...(taken[name] ?? []), ...rows];
  };
  const done = runScans(plan, { context: statementContext(client, changes), take, compute: noKeys });
  done.catch(() => undefined);
  return { client, taken, done };
}

const noKeys: ComputeKeys = () => Promise.resolve(undefined);

const two = "SELECT 1 FROM Refund r, Coupon c";

describe("relations that wait for nobody", () => {
  it("are read side by side", async () => {
    const { client, taken, done } = running(planOf(two));
    const [refunds, coupons] = [await client.sent(0), await client.sent(1)];
    expect([refunds.path, coupons.path]).toEqual(["/v1/refunds", "/v1/coupons"]);
    coupons.answer(listPage(ids("c1"), true));
    (await client.sent(2)).answer(listPage(ids("c2")));
    refunds.answer(listPage(ids("re1")));
    await done;
    expect(taken).toEqual({ Coupon: ["c1", "c2"], Refund: ["re1"] });
  });

  it("are given up once one fails, and its error is told when nothing is on its way any more", async () => {
    const { client, done } = running(planOf(`${two}, Dispute d`));
    (await client.sent(0)).answer(listPage(ids("re1"), true));
    const dispute = await client.sent(2);
    await client.sent(3);
    dispute.fail(new StripeSqlError("no disputes here", { sqlState: SqlState.insufficientPrivilege, phase: "stripe" }));
    expect(await errorOf(done)).toMatchObject({ message: "no disputes here" });
    expect(client.paths).toEqual(["/v1/refunds", "/v1/coupons", "/v1/disputes", "/v1/refunds"]);
  });

  it("end with the statement's cancellation", async () => {
    const controller = new AbortController();
    const { client, done } = running(planOf(two), { scope: freshScope({ signal: controller.signal }) });
    await client.sent(1);
    controller.abort();
    expect(await errorOf(done)).toMatchObject({ sqlState: "57014" });
    expect(client.requests).toHaveLength(2);
  });

  it("share MaxRequests and the statement's count", async () => {
    const scope = freshScope({ maxRequests: 1 });
    const { client, done } = running(planOf(two), { scope });
    expect(await errorOf(done)).toMatchObject({ sqlState: "53400" });
    expect([client.requests.length, scope.count]).toEqual([1, 1]);
  });

  it("tell their notices in the statement's order, whichever came first", async () => {
    const notices: string[] = [];
    const missing = (param: string) =>
      new StripeSqlError(`No such ${param}`, {
        sqlState: SqlState.invalidParameterValue,
        phase: "stripe",
        stripe: { code: "resource_missing", param, type: "invalid_request_error" },
      });
    const plan = planOf("SELECT 1 FROM Charge c, Invoice i WHERE c.Customer = 'a' AND i.Subscription = 'b'");
    const { client, done } = running(plan, { notice: (text) => void notices.push(text) });
    const [charges, invoices] = [await client.sent(0), await client.sent(1)];
    invoices.fail(missing("subscription"));
    await Promise.resolve();
    charges.fail(missing("customer"));
    await done;
    expect(notices).toEqual(["No such customer", "No such subscription"]);
  });

  it("are asked for one page ahead at most while their rows are being taken", async () => {
    const client = new HeldClient();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let batches = 0;
    const done = runScans(planOf("SELECT Id FROM Refund"), {
      context: statementContext(client),
      take: () => {
        batches += 1;
        return batches === 1 ? Promise.resolve() : held;
      },
      compute: noKeys,
    });
    for (const [position, id] of ["a", "b", "c"].entries())
      (await client.sent(position)).answer(listPage(ids(id), true));
    await new Promise((resolve) => setImmediate(resolve));
    expect([client.requests.length, batches]).toEqual([3, 2]);
    release();
    (await client.sent(3)).answer(listPage(ids("d")));
    await done;
  });
});

describe("a relation that waits for another", () => {
  const invoice = (id: string, lines: readonly string[]): JsonObject => ({ id, lines: listPage(ids(...lines)) });

  it("is fed by the one that the statement reads itself", async () => {
    const { client, taken, done } = running(
      planOf("SELECT 1 FROM Invoice i JOIN InvoiceLineItem l ON l.Amount = i.Total"),
    );
    (await client.sent(0)).answer(listPage([invoice("in_1", ["a", "b"]), invoice("in_2", ["c"])]));
    await done;
    expect(client.paths).toEqual(["/v1/invoices"]);
    expect(taken).toEqual({ Invoice: ["in_1", "in_2"], InvoiceLineItem: ["in_1/a", "in_1/b", "in_2/c"] });
  });

  it("reads pages of its own for each row, side by side, before the next page of the other is taken", async () => {
    const plan = planOf("SELECT 1 FROM CustomerTaxId t, CustomerBalanceTransaction b");
    const { client, done } = running(plan);
    (await client.sent(0)).answer(listPage(ids("cus_1", "cus_2")));
    await client.sent(4);
    expect([...client.paths].sort()).toEqual([
      "/v1/customers",
      "/v1/customers/cus_1/balance_transactions",
      "/v1/customers/cus_1/tax_ids",
      "/v1/customers/cus_2/balance_transactions",
      "/v1/customers/cus_2/tax_ids",
    ]);
    for (const request of client.requests.slice(1)) request.answer(listPage([]));
    await done;
    expect(client.paths.filter((path) => path === "/v1/customers")).toHaveLength(1);
  });

  it("may be waited for itself", async () => {
    const accounts: Partial<Table["lists"][number]> = {
      path: "/v1/accounts/{account}/customers",
      parents: [{ placeholder: "account", column: "Account", table: "Account" }],
    };
    const plan = planOf("SELECT 1 FROM CustomerTaxId t, Coupon c", [], {
      catalog: withNested("Customer", accounts),
    });
    const { client, taken, done } = running(plan);
    (await client.sent(0)).answer(listPage([]));
    (await client.sent(1)).answer(listPage(ids("acct_1")));
    (await client.sent(2)).answer(listPage(ids("cus_1")));
    (await client.sent(3)).answer(listPage(ids("txi_1")));
    await done;
    expect(client.paths).toEqual([
      "/v1/coupons",
      "/v1/accounts",
      "/v1/accounts/acct_1/customers",
      "/v1/customers/cus_1/tax_ids",
    ]);
    expect(taken["CustomerTaxId"]).toEqual(["txi_1"]);
  });
});

describe("a table that is read whole once its keys are more than its pages", () => {
  const oneCharge = { ...noStatistics, testClocks: () => 0, rows: () => 50 };
  const refund = (id: string): JsonObject => ({ id, object: "refund", charge: `ch_${id}` });
  const emptyPage = () =>
    new StripeSqlError("malformed page", { sqlState: SqlState.upstreamError, phase: "stripe", detail: "no rows" });

  /** Its read is on its way, and so is the next page of the relation whose rows hold the keys. */
  async function begun() {
    const plan = planOf("SELECT 1 FROM Refund r JOIN Charge c ON c.Id = r.Charge", [], { statistics: oneCharge });
    const run = running(plan);
    (await run.client.sent(0)).answer(listPage([refund("re1"), refund("re2")], true));
    const [one, other] = [await run.client.sent(1), await run.client.sent(2)];
    const [refunds, charges] = one.path === "/v1/refunds" ? [one, other] : [other, one];
    expect([refunds.path, charges.path]).toEqual(["/v1/refunds", "/v1/charges"]);
    return { ...run, refunds, charges };
  }

  // Nobody waits for it before all keys have come: its failure ended the process.
  it("ends the run at once where it fails, and is nobody else's to hear of", async () => {
    const rejections = await unhandledRejectionsOf(async () => {
      const { client, charges, done } = await begun();
      charges.fail(emptyPage());
      expect(await errorOf(done)).toMatchObject({ message: "malformed page" });
      expect(client.requests).toHaveLength(3);
    });
    expect(rejections).toEqual([]);
  });

  it("is given up where the keys fail to come, and waited for", async () => {
    const rejections = await unhandledRejectionsOf(async () => {
      const { refunds, done } = await begun();
      refunds.fail(emptyPage());
      expect(await errorOf(done)).toMatchObject({ message: "malformed page" });
    });
    expect(rejections).toEqual([]);
  });

  it("has its rows taken once", async () => {
    const { taken, refunds, charges, done } = await begun();
    charges.answer(listPage(ids("ch_re1", "ch_re2", "ch_other")));
    refunds.answer(listPage([refund("re3")]));
    await done;
    expect(taken).toEqual({ Refund: ["re1", "re2", "re3"], Charge: ["ch_re1", "ch_re2", "ch_other"] });
  });
});

it("tells how many rows each whole table held, and of no part of one", async () => {
  const sizes: unknown[] = [];
  const plan = planOf("SELECT 1 FROM CustomerTaxId t, (SELECT Id FROM Refund WHERE Charge = 'ch_1') r, Price p");
  const { client, done } = running(plan, {
    recordRows: ({ table }, rows) => void sizes.push([table, rows]),
  });
  const answers: Readonly<Record<string, JsonObject>> = {
    "/v1/customers": listPage(ids("cus_1")),
    "/v1/customers/cus_1/tax_ids": listPage(ids("txi_1", "txi_2")),
    "/v1/refunds": listPage(ids("re_1")),
    "/v1/prices": listPage(ids("price_1")),
  };
  for (const position of [0, 1, 2, 3, 4]) {
    const request = await client.sent(position);
    const { active } = request.parameters ?? {};
    request.answer(active === "false" ? listPage(ids("price_2")) : (answers[request.path] ?? listPage([])));
  }
  await done;
  expect(sizes).toEqual([
    ["CustomerTaxId", 2],
    ["Price", 2],
  ]);
});

/** The catalog with a table that is listed for each row of another only. */
function withNested(name: string, list: Partial<Table["lists"][number]>): Catalog {
  const table = tableNamed(name);
  const [first] = table.lists;
  const [key] = table.columns;
  if (first === undefined || key === undefined) throw new Error(`${name} has no list`);
  const parents: readonly Column[] = (list.parents ?? []).map(({ column }) => ({
    ...key,
    name: column,
    stripeName: column,
    path: [],
    parentKey: true,
  }));
  const nested = { ...table, columns: [...table.columns, ...parents], lists: [{ ...first, ...list }] };
  const catalog = sharedCatalog();
  return Object.create(catalog, {
    findTable: {
      value: (wanted: string, schema?: string) => {
        const match = catalog.findTable(wanted, schema);
        return match?.table.name === name ? { ...match, table: nested } : match;
      },
    },
  });
}
