import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Connector } from "../../src/connector/connector.js";
import { openConnector } from "../../src/connector/open-connector.js";
import { connectSandbox, requestLines } from "../support/sandbox-connection.js";
import { errorOf } from "../support/scripted-client.js";

const running = connectSandbox({ customers: 30 });
let connector: Connector;

beforeAll(async () => {
  connector = await openConnector({ apiKey: running.sandbox.apiKey, apiBase: running.sandbox.url });
});

afterAll(() => connector.close());

const description = { Description: "touched" };
const update = (filterClause: string) =>
  connector.updateEntity({ entity: "Customer", filterClause, connectorInputPayload: description });
const remove = (filterClause: string) => connector.deleteEntity({ entity: "Customer", filterClause });

/** Both writes, by the same clause. */
const writes = [
  ["Update", update],
  ["Delete", remove],
] as const;

/** Methods and paths of what was sent that is no reading. */
function written(): readonly string[] {
  const sent = running.sandbox.requests.entries.filter(({ method }) => method !== "GET");
  return sent.map(({ method, path }) => `${method} ${path}`);
}

describe.each(writes)("%s by a filter clause", (name, write) => {
  test.each(["", " ", "\t\r\n\v\f", "\u00a0", "\u3000\u2003\ufeff"])(
    "refuses a blank one, and sends nothing: %j",
    async (clause) => {
      expect(await errorOf(write(clause))).toMatchObject({
        sqlState: "22023",
        message: "an empty filter clause would match every entity",
        hint: "Say which: Email = 'a@example.com'.",
      });
      expect(requestLines(running.sandbox)).toEqual([]);
    },
  );

  test.each([
    "-- every one",
    "/* every one */",
    "#",
    ";",
    "*",
    "()",
    "1",
    "TRUE",
    "NULL",
    "''",
    "1 = 1",
    "1=1",
    "(1 = 1)",
    "'a' = 'a'",
    "TRUE = TRUE",
    "NULL IS NULL",
    "1 IN (1)",
    "1 BETWEEN 0 AND 2",
    "NOT FALSE",
    "NOT (1 = 0)",
    "Id = Id",
    "Id IN (Id)",
    "Id",
    "Delinquent OR NOT Delinquent",
    "Email = 'nobody@example.com' OR 1 = 1",
    "Email = 'nobody@example.com' OR TRUE",
    "Email = 'nobody@example.com' OR Id = Id",
    "Email = 'nobody@example.com' --",
    "1 = 1 AND Email = 'nobody@example.com'",
    "EXISTS (SELECT 1)",
  ])("refuses one that is always true or no condition, and sends nothing: %s", async (clause) => {
    expect(await errorOf(write(clause))).toMatchObject({ sqlState: "42601", position: expect.any(Number) });
    expect(requestLines(running.sandbox)).toEqual([]);
  });

  test("is of one entity or of a clause, never of both or none", async () => {
    const refusal = { sqlState: "22023", message: "give either entityId or filterClause" };
    const given = [{ entityId: "cus_1", filterClause: "Id = 'cus_1'" }, { entityId: "cus_1", filterClause: "" }, {}];
    for (const target of given) {
      const call =
        name === "Update"
          ? connector.updateEntity({ entity: "Customer", connectorInputPayload: description, ...target })
          : connector.deleteEntity({ entity: "Customer", ...target });
      expect(await errorOf(call)).toMatchObject(refusal);
    }
    expect(requestLines(running.sandbox)).toEqual([]);
  });

  test.each([
    "Email = 'nobody@example.com'",
    "Name LIKE 'no such name%'",
    "Balance > 99999999",
    "Balance < 0 AND Balance > 0",
    "Name = NULL",
    "NOT Name IS NOT NULL",
    "Email IN ('nobody@example.com', NULL)",
    "Metadata.order_id = 'nothing'",
    "Id IN ('cus_nobody') AND Balance = 0",
    "SearchQuery = 'email:\"nobody@example.com\"'",
    "Created < '2001-01-01'",
  ])("that matches none writes nothing: %s", async (clause) => {
    const outcome = name === "Update" ? { connectorOutputPayload: {}, entityIds: [] } : { entityIds: [] };
    expect(await write(clause)).toEqual(outcome);
    expect(written()).toEqual([]);
  });

  test("that no row can satisfy sends nothing at all", async () => {
    await write("Email = 'a@example.com' AND Email = 'b@example.com'");
    await write("Id = NULL");
    expect(requestLines(running.sandbox)).toEqual([]);
  });

  test("by the id of one that is not there matches none", async () => {
    expect((await write("Id = 'cus_nobody'")).entityIds).toEqual([]);
    expect(written().every((line) => line.endsWith("/v1/customers/cus_nobody"))).toBe(true);
  });
});

describe("writes by a filter clause", () => {
  test("touch those that it matches, and no other", async () => {
    const { stripe } = running;
    const ids: string[] = [];
    for (const name of ["A", "B", "C", "D"]) {
      ids.push((await stripe.customers.create({ name: `filtered ${name}`, metadata: { batch: "7" } })).id);
    }
    const [a, b, c, d] = ids as [string, string, string, string];
    running.sandbox.requests.clear();
    const clause = "Metadata.batch = 7 AND (Name <> 'filtered D' OR Email IS NOT NULL)";
    const { connectorOutputPayload, entityIds = [] } = await update(clause);
    expect([...entityIds].sort()).toEqual([a, b, c].sort());
    expect(connectorOutputPayload).toEqual({ Id: entityIds[0] });
    expect([...written()].sort()).toEqual([a, b, c].map((id) => `POST /v1/customers/${id}`).sort());
    expect((await stripe.customers.retrieve(d)) as { description?: unknown }).toMatchObject({ description: null });

    running.sandbox.requests.clear();
    expect(await remove("Description = 'touched' AND Name IN ('filtered A', 'filtered B')")).toEqual({
      entityIds: expect.arrayContaining([a, b]),
    });
    expect([...written()].sort()).toEqual([a, b].map((id) => `DELETE /v1/customers/${id}`).sort());
    expect(await stripe.customers.retrieve(a)).toMatchObject({ deleted: true });
    expect(await stripe.customers.retrieve(c)).toMatchObject({ description: "touched" });
  });

  test("by an id read nothing first", async () => {
    const { id } = await running.stripe.customers.create({ name: "by id" });
    running.sandbox.requests.clear();
    expect(await update(`Id = '${id}'`)).toEqual({ connectorOutputPayload: { Id: id }, entityIds: [id] });
    expect(await remove(`Id = '${id}'`)).toEqual({ entityIds: [id] });
    expect(requestLines(running.sandbox)).toEqual([
      `POST /v1/customers/${id} description=touched`,
      `DELETE /v1/customers/${id}`,
    ]);
  });

  test("are refused for a mistake in what is written before anything is read", async () => {
    const call = connector.updateEntity({
      entity: "Customer",
      filterClause: "Balance < 0",
      connectorInputPayload: { Nme: "a" },
    });
    expect(await errorOf(call)).toMatchObject({ sqlState: "42703", position: undefined });
    expect(requestLines(running.sandbox)).toEqual([]);
  });

  test("are refused where Stripe has no call for them, whatever the clause", async () => {
    const call = connector.deleteEntity({ entity: "Charge", filterClause: "Amount < 0" });
    expect(await errorOf(call)).toMatchObject({ sqlState: "0A000" });
    expect(requestLines(running.sandbox)).toEqual([]);
  });
});
