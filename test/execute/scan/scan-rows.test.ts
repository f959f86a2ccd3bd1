import { describe, expect, it } from "vitest";
import type { Row } from "../../../src/driver/api.js";
import { rowObjects } from "../../../src/driver/row-objects.js";
import { scanRows } from "../../../src/execute/scan/scan-rows.js";
import { runSelect } from "../../../src/execute/select/run-select.js";
import { errorOf, json, openScriptedClient, refusal } from "../../support/scripted-client.js";
import type { Answer, RecordedRequest } from "../../support/scripted-server.js";
import { statementContext } from "../../support/statement-context.js";
import { planOf, scanOf } from "../../support/statement-planning.js";

const page = (ids: readonly string[], hasMore = false, more: object = {}): Answer =>
  json({ object: "list", data: ids.map((id) => ({ id, ...more })), has_more: hasMore, url: "/" });

const line = ({ path, query }: RecordedRequest): string => (query === "" ? path : `${path}?${query}`);

/** The rows of a direct SELECT, and what was asked for them. */
async function select(sql: string, answer: (request: RecordedRequest) => Answer) {
  const { client, server } = await openScriptedClient(answer);
  const counted: number[] = [];
  const context = statementContext(client, { onRows: (count) => counted.push(count) });
  const { columns, batches } = await runSelect(planOf(sql), context);
  const rows: Row[] = [];
  for await (const batch of batches) rows.push(...rowObjects(columns)(batch));
  return { rows, sent: server.requests.map(line), counted };
}

describe("a scan that cannot be read", () => {
  it("is an error, whatever was read before", async () => {
    const answer = (request: RecordedRequest) =>
      request.query.includes("starting_after") ? refusal(403, { code: "forbidden" }) : page(["a"], true);
    expect(await errorOf(select("SELECT Id FROM Customer", answer))).toMatchObject({ phase: "stripe" });
  });

  it("by id is an error for each cause but absence", async () => {
    const answer = (request: RecordedRequest) =>
      request.path.endsWith("/b") ? refusal(403, { code: "forbidden" }) : json({ id: "a", object: "customer" });
    expect(await errorOf(select("SELECT Id FROM Customer WHERE Id IN ('a', 'b')", answer))).toMatchObject({
      phase: "stripe",
    });
  });
});

describe("a scan by id", () => {
  it("has no row for an object that is not there or is deleted, and keeps the statement's order", async () => {
    const answer = ({ path }: RecordedRequest): Answer => {
      if (path.endsWith("/b")) return refusal(404, { code: "resource_missing" });
      return json({
        id: path.split("/").at(-1),
        object: "customer",
        ...(path.endsWith("/c") ? { deleted: true } : {}),
      });
    };
    const { rows, counted } = await select("SELECT Id FROM Customer WHERE Id IN ('d', 'b', 'c', 'a')", answer);
    expect(rows).toEqual([{ Id: "d" }, { Id: "a" }]);
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(2);
  });
});

describe("a scan of several requests", () => {
  it("gives a row that two of them hold once", async () => {
    const answer = ({ query }: RecordedRequest) =>
      page(query.includes("customer") ? ["ch_1", "ch_2"] : ["ch_2", "ch_3"]);
    const { rows } = await select("SELECT Id FROM Charge WHERE Customer = 'a' OR PaymentIntent = 'p'", answer);
    expect(rows).toEqual([{ Id: "ch_1" }, { Id: "ch_2" }, { Id: "ch_3" }]);
  });

  it("keeps rows of one id within different parents: an account's capabilities were once another's", async () => {
    const answer = ({ path }: RecordedRequest) => page(["card_payments"], false, { account: path.split("/")[3] });
    const { rows } = await select("SELECT Account, Id FROM Capability WHERE Account IN ('acct_1', 'acct_2')", answer);
    expect(rows).toEqual([
      { Account: "acct_1", Id: "card_payments" },
      { Account: "acct_2", Id: "card_payments" },
    ]);
  });

  it("keeps rows of one id within different Connect accounts", async () => {
    const { rows } = await select("SELECT AccountId, Id FROM Coupon WHERE AccountId IN ('acct_1', 'acct_2')", () =>
      page(["WELCOME"]),
    );
    expect(rows).toEqual([
      { AccountId: "acct_1", Id: "WELCOME" },
      { AccountId: "acct_2", Id: "WELCOME" },
    ]);
  });
});

describe("a limit", () => {
  it("ends the paging, and takes the page no longer than it", async () => {
    const { rows, sent } = await select("SELECT Id FROM Customer LIMIT 2", () => page(["a", "b"], true));
    expect(rows).toHaveLength(2);
    expect(sent).toEqual(["/v1/customers?limit=2"]);
  });

  it("counts OFFSET's rows as read", async () => {
    const { rows, sent } = await select("SELECT Id FROM Customer LIMIT 1 OFFSET 2", () => page(["a", "b", "c"], true));
    expect(rows).toEqual([{ Id: "c" }]);
    expect(sent).toEqual(["/v1/customers?limit=3"]);
  });

  it("of nothing asks for nothing", async () => {
    expect(await select("SELECT Id FROM Customer LIMIT 0", () => page([]))).toMatchObject({ rows: [], sent: [] });
  });
});

describe("a list within each of its parents", () => {
  const invoice = (id: string, lines: readonly string[], hasMore: boolean) => ({
    id,
    lines: { object: "list", data: lines.map((line) => ({ id: line, invoice: id })), has_more: hasMore },
  });

  it("is taken from the parent, and paged on only where the parent does not hold it all", async () => {
    const answer = ({ path }: RecordedRequest): Answer =>
      path === "/v1/invoices"
        ? json({
            object: "list",
            data: [invoice("in_1", ["a", "b"], false), invoice("in_2", ["c"], true)],
            has_more: false,
            url: "/",
          })
        : page(["d"], false, { invoice: "in_2" });
    const { rows, sent } = await select("SELECT Invoice, Id FROM InvoiceLineItem", answer);
    expect(rows).toEqual([
      { Invoice: "in_1", Id: "a" },
      { Invoice: "in_1", Id: "b" },
      { Invoice: "in_2", Id: "c" },
      { Invoice: "in_2", Id: "d" },
    ]);
    expect(sent).toEqual(["/v1/invoices?limit=100", "/v1/invoices/in_2/lines?starting_after=c&limit=100"]);
  });

  it("is read from its beginning where the parent says there is more and holds none", async () => {
    const answer = ({ path }: RecordedRequest): Answer =>
      path === "/v1/invoices"
        ? json({ object: "list", data: [invoice("in_1", [], true)], has_more: false, url: "/" })
        : page(["a"]);
    const { rows, sent } = await select("SELECT Id FROM InvoiceLineItem", answer);
    expect(rows).toEqual([{ Id: "a" }]);
    expect(sent.at(-1)).toBe("/v1/invoices/in_1/lines?limit=100");
  });
});

it("rows without a key are all kept", async () => {
  const { client } = await openScriptedClient(() => page(["a"]));
  const charges = scanOf(planOf("SELECT Id FROM Charge WHERE Customer IN ('a', 'b')"), "Charge");
  const keyless = { ...charges, table: { ...charges.table, identity: [] } };
  let rows = 0;
  const options = { relations: [keyless], readAll: true };
  for await (const { objects } of scanRows(keyless, options, statementContext(client))) rows += objects.length;
  expect(rows).toBe(2);
});
