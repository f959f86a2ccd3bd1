import { describe, expect, test } from "vitest";
import type { ActionResult, EntityFields } from "../../src/connector/connector.js";
import { connectSandbox } from "../support/sandbox-connection.js";
import { connectConnector } from "../support/sandbox-connector.js";
import { errorOf } from "../support/scripted-client.js";
import type { SeedExample } from "./seed-examples.js";
import { actionExamples, callSeed, entityIdOf, operationExamples } from "./seed-examples.js";

const running = connectSandbox({ customers: 10 });
const connected = connectConnector(running);

/** Sets an example up and makes its call: what is answered, and the requests of the call alone. */
async function run(example: SeedExample) {
  const call = await example.setup(connected.connector);
  const { value, sent } = await connected.traced(() => callSeed(connected.connector, call));
  return { call, answer: value as { readonly connectorOutputPayload: unknown }, sent };
}

describe("each action of the seed", () => {
  test.each(actionExamples)("$name", async (example) => {
    const { call, answer, sent } = await run(example);
    expect(Object.keys(answer)).toEqual(["connectorOutputPayload"]);
    const results = answer.connectorOutputPayload as readonly ActionResult[];
    expect(results).toHaveLength(1);
    const [result = {}] = results;
    expect(Object.keys(result)).toEqual(
      example.areAllKeys ? example.keys : expect.arrayContaining([...(example.keys ?? [])]),
    );
    expect(Object.keys(result).slice(0, 3)).toEqual(example.keys?.slice(0, 3));
    const odd = Object.entries(result).filter(([, value]) => value !== null && typeof value !== "string");
    expect(odd).toEqual([]);
    expect(Object.values(result).filter((value) => value === "[]" || value === "{}")).toEqual([]);
    expect(result).toMatchObject(example.values ?? {});
    // One call, one request.
    expect(sent).toHaveLength(1);
    expect(call.method).toBe("executeAction");
  });

  test("gives the object that it was asked for", async () => {
    const [confirm] = actionExamples;
    if (confirm === undefined) throw new RangeError("no example");
    const { call, answer } = await run(confirm);
    const [result] = answer.connectorOutputPayload as readonly ActionResult[];
    const id = "connectorInputPayload" in call.input ? call.input.connectorInputPayload["PaymentIntentId"] : undefined;
    expect(result?.["id"]).toBe(id);
    expect(result?.["client_secret"]).toMatch(new RegExp(`^${String(id)}_secret_`));
    expect(result?.["created"]).toMatch(/^\d{10}$/);
    expect(result?.["latest_charge"]).toMatch(/^ch_/);
  });

  test("accepting a quote names the invoice that it makes", async () => {
    const accept = actionExamples.find(({ name }) => name === "Accept a quote");
    if (accept === undefined) throw new RangeError("no example");
    const [result] = (await run(accept)).answer.connectorOutputPayload as readonly ActionResult[];
    const { connectorOutputPayload: invoice } = await connected.connector.getEntity({
      entity: "Invoice",
      entityId: String(result?.["InvoiceId"]),
    });
    expect(invoice).toMatchObject({ Id: result?.["InvoiceId"], Total: 10_000 });
  });
});

describe("each operation of the seed", () => {
  const outcomes: Readonly<Record<string, (answer: unknown, id: string | undefined) => Promise<void> | void>> = {
    "List all the customers": (answer) => {
      const { connectorOutputPayload: rows } = answer as { connectorOutputPayload: readonly EntityFields[] };
      expect(answer).toMatchObject({ listEntitiesNextPageToken: null });
      expect(rows.length).toBeGreaterThan(10);
      expect(rows[0]).toMatchObject({ Id: expect.stringMatching(/^cus_/), Object: "customer", Name: "Jenny Rosen" });
    },
    "Get a customer record": (answer, id) => {
      expect(answer).toMatchObject({ connectorOutputPayload: { Id: id, Name: "Jenny Rosen", Livemode: false } });
    },
    "Create a payment intent": async (answer) => {
      expect(answer).toEqual({ connectorOutputPayload: { Id: expect.stringMatching(/^pi_/) } });
      const { connectorOutputPayload } = answer as { connectorOutputPayload: { readonly Id: string } };
      const { connectorOutputPayload: made } = await connected.connector.getEntity({
        entity: "PaymentIntent",
        entityId: connectorOutputPayload.Id,
      });
      expect(made).toMatchObject({ Amount: 1500, Currency: "usd", Status: "requires_confirmation" });
    },
    "Update a customer record": async (_, id) => {
      const { connectorOutputPayload } = await connected.connector.getEntity({
        entity: "Customer",
        entityId: id ?? "",
      });
      expect(connectorOutputPayload).toMatchObject({ Name: "John", Email: "jenny@example.com" });
    },
    "Delete a customer record": async (_, id) => {
      const gone = connected.connector.getEntity({ entity: "Customer", entityId: id ?? "" });
      expect((await errorOf(gone)).sqlState).toBe("02000");
    },
  };

  test.each(operationExamples)("$name", async (example) => {
    const { call, answer, sent } = await run(example);
    if (example.answer !== undefined) expect(answer).toEqual(example.answer(call));
    // A whole list of customers asks once whether there are more of them on test clocks.
    expect(sent.filter((line) => !line.startsWith("GET /v1/test_helpers/test_clocks"))).toHaveLength(1);
    await outcomes[example.name]?.(answer, entityIdOf(call));
  });

  test("has an outcome of its own to look at", () => {
    expect(Object.keys(outcomes)).toEqual(operationExamples.map(({ name }) => name));
  });
});
