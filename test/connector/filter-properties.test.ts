import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Connector } from "../../src/connector/connector.js";
import { openConnector } from "../../src/connector/open-connector.js";
import type { JsonObject } from "../../src/value/json.js";
import type { EntitySample, GeneratedFilter } from "../support/generated-filter.js";
import { both, contrary, either, filterOn } from "../support/generated-filter.js";
import { listAll } from "../support/list-all.js";
import { connectSandbox } from "../support/sandbox-connection.js";

/** The lists that hold an entity's objects between them. */
const lists: Readonly<Record<string, readonly string[]>> = {
  Customer: ["/v1/customers?"],
  Charge: ["/v1/charges?"],
  PaymentIntent: ["/v1/payment_intents?"],
  Invoice: ["/v1/invoices?"],
  Subscription: ["/v1/subscriptions?status=all&"],
  Price: ["/v1/prices?active=true&", "/v1/prices?active=false&"],
  BalanceTransaction: ["/v1/balance_transactions?"],
  Coupon: ["/v1/coupons?"],
};

const running = connectSandbox({ customers: 16 });
const samples = new Map<string, EntitySample>();
let connector: Connector;
let unpushed: Connector;

beforeAll(async () => {
  const target = { apiKey: running.sandbox.apiKey, apiBase: running.sandbox.url };
  connector = await openConnector(target);
  unpushed = await openConnector({ ...target, pushdown: false });
  for (const [entity, paths] of Object.entries(lists)) {
    const columns = running.catalog.findTable(entity)?.table.columns ?? [];
    samples.set(entity, { columns, objects: (await Promise.all(paths.map((path) => rawObjects(path)))).flat() });
  }
});

afterAll(async () => {
  await connector.close();
  await unpushed.close();
});

/** A list as Stripe gives it, read past everything that is tested here. */
async function rawObjects(path: string, after = ""): Promise<readonly JsonObject[]> {
  const { json } = await running.raw("GET", `${path}limit=100${after}`);
  const data = json.data as readonly JsonObject[];
  const more = json.has_more === true ? await rawObjects(path, `&starting_after=${String(data.at(-1)?.["id"])}`) : [];
  return [...data, ...more];
}

function sampleOf(entity: string): EntitySample {
  const sample = samples.get(entity);
  if (sample === undefined) throw new Error(`${entity} was not read`);
  return sample;
}

type Ids = readonly string[];

const sorted = (ids: readonly unknown[]): Ids => ids.map(String).sort();

async function idsBy(reader: Connector, entity: string, { clause }: GeneratedFilter): Promise<Ids> {
  return sorted((await listAll(reader, entity, clause)).map(({ Id }) => Id));
}

async function idsBySql(entity: string, { sql }: GeneratedFilter): Promise<Ids> {
  return sorted((await running.query(`SELECT Id FROM ${entity} WHERE ${sql}`)).rows.map(({ Id }) => Id));
}

function idsByOracle(entity: string, { holds }: GeneratedFilter): Ids {
  return sorted(sampleOf(entity).objects.flatMap((object) => (holds(object) === true ? [object["id"]] : [])));
}

const within = (inner: Ids, outer: Ids): Ids => inner.filter((id) => !outer.includes(id));

/** A filter of each form may also find nothing: how many were told apart from that is counted. */
const found = { clauses: 0, withRows: 0 };

/** Its rows, the same by whichever way they are read. */
async function rowsOf(entity: string, filter: GeneratedFilter): Promise<Ids> {
  const expected = idsByOracle(entity, filter);
  expect(await idsBy(connector, entity, filter)).toEqual(expected);
  found.clauses += 1;
  found.withRows += expected.length > 0 ? 1 : 0;
  return expected;
}

describe.each(Object.keys(lists))("whatever the filter on %s", (entity) => {
  test("it finds what its SQL does, and what its words say, pushed down or not", async () => {
    await fc.assert(
      fc.asyncProperty(filterOn(sampleOf(entity)), async (filter) => {
        const rows = await rowsOf(entity, filter);
        expect(await idsBySql(entity, filter)).toEqual(rows);
        expect(await idsBy(unpushed, entity, filter)).toEqual(rows);
      }),
      { numRuns: 16, seed: 11 },
    );
  });

  test("another by AND adds no row, by OR takes none, and its contrary shares none", async () => {
    const filter = filterOn(sampleOf(entity));
    await fc.assert(
      fc.asyncProperty(filter, filter, async (one, other) => {
        const rows = await rowsOf(entity, one);
        expect(within(await rowsOf(entity, both(one, other)), rows)).toEqual([]);
        expect(within(rows, await rowsOf(entity, either(one, other)))).toEqual([]);
        const contraries = await rowsOf(entity, contrary(one));
        expect(rows.filter((id) => contraries.includes(id))).toEqual([]);
      }),
      { numRuns: 8, seed: 12 },
    );
  });
});

test("many filters were compared, and most found something", () => {
  expect(found.clauses).toBeGreaterThan(300);
  expect(found.withRows).toBeGreaterThan(found.clauses / 2);
});
