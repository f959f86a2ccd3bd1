import { describe, expect, test } from "vitest";
import { connectSandbox, requestLines } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 5 });

/** Once, `SET Metadata = '{…}'` left the keys that it did not name, and `'{}'` sent nothing at all. */
async function customer(metadata: Readonly<Record<string, string>>, more: object = {}): Promise<string> {
  const { id } = await running.stripe.customers.create({ name: "Ada", metadata, ...more });
  running.sandbox.requests.clear();
  return id;
}

async function metadataOf(id: string): Promise<unknown> {
  const found = await running.stripe.customers.retrieve(id);
  return found.deleted === true ? undefined : found.metadata;
}

/** Runs an UPDATE of one customer's metadata. */
async function assign(id: string, value: string, parameters: Parameters<typeof running.query>[1] = []) {
  const { rows, error, notices } = await running.query(
    `UPDATE Customer SET Metadata = ${value} WHERE Id = '${id}' RETURNING Metadata`,
    parameters,
  );
  const sent = requestLines(running.sandbox);
  const now = await metadataOf(id);
  running.sandbox.requests.clear();
  return { sent, rows, error, notices, now };
}

describe("an assignment of metadata", () => {
  // Once, what every object of JavaScript's has was taken for a key of the assignment's.
  test("unsets keys that are names of JavaScript's own", async () => {
    const id = await customer({ constructor: "1", toString: "2", b: "3" });
    expect(await assign(id, `'{"b":"4"}'`)).toMatchObject({ now: { b: "4" } });
  });

  // Once, a form's body made another key of it, or nothing at all.
  test.each([
    ['{"a":{}}', `a text under "a", not '{}'`],
    ['{"a":[1]}', `a text under "a", not '[1]'`],
    ['{"a":{"b":1.10}}', `a text under "a", not '{"b":1.10}'`],
    ['{"":"x"}', "keys that are not empty and hold no square brackets, not ''"],
    ['{"a[b]":"x"}', "keys that are not empty and hold no square brackets, not 'a[b]'"],
  ])("takes texts by keys, not %s", async (value, wanted) => {
    for (const sql of [
      `UPDATE Customer SET Metadata = '${value}' WHERE Id = 'cus_1'`,
      `UPDATE Customer SET Metadata = json_merge_patch(Metadata, '${value}') WHERE Id = 'cus_1'`,
      `INSERT INTO Customer (Metadata) VALUES ('${value}')`,
    ])
      expect(await running.failure(sql)).toMatchObject({ sqlState: "22P02", message: `"Metadata" takes ${wanted}` });
    expect(requestLines(running.sandbox)).toEqual([]);
  });

  test("leaves exactly its keys: what the object holds beside them is read and unset", async () => {
    const id = await customer({ a: "1", b: "2" });
    expect(await assign(id, `'{"c":"3"}'`)).toEqual({
      sent: [`GET /v1/customers/${id}`, `POST /v1/customers/${id} metadata[a]=&metadata[b]=&metadata[c]=3`],
      rows: [{ Metadata: { c: "3" } }],
      error: undefined,
      notices: [],
      now: { c: "3" },
    });
  });

  test.each([
    ["NULL", []],
    ["'{}'", []],
    ["''", []],
    ["?", [{}]],
    ["?", [null]],
  ])("of nothing, %s %j, unsets all in one request", async (value, parameters) => {
    const id = await customer({ a: "1", b: "2" });
    expect(await assign(id, value, parameters)).toMatchObject({
      sent: [`POST /v1/customers/${id} metadata=`],
      rows: [{ Metadata: {} }],
      now: {},
    });
  });

  test("of a parameter, or of what the local engine computes, is the same", async () => {
    const id = await customer({ a: "1", b: "2" });
    expect((await assign(id, "?", [{ b: "3" }])).now).toEqual({ b: "3" });
    expect((await assign(id, "json_object('name', upper(Name))")).now).toEqual({ name: "ADA" });
    expect((await assign(id, "Metadata")).now).toEqual({ name: "ADA" });
    expect((await assign(id, "nullif(Metadata, Metadata)")).now).toEqual({});
  });

  test("uses the rows that WHERE reads anyway", async () => {
    const first = await customer({ a: "1" }, { email: "keys@example.com" });
    const second = await customer({ b: "1", c: "1" }, { email: "keys@example.com" });
    await running.query(`UPDATE Customer SET Metadata = '{"c":"2"}' WHERE Email = 'keys@example.com'`);
    expect([...requestLines(running.sandbox)].sort()).toEqual(
      [
        "GET /v1/customers email=keys@example.com&limit=100",
        `POST /v1/customers/${first} metadata[a]=&metadata[c]=2`,
        `POST /v1/customers/${second} metadata[b]=&metadata[c]=2`,
      ].sort(),
    );
  });

  test("in Stripe's spelling is the same", async () => {
    const id = await customer({ a: "1" });
    await running.query(`UPDATE customers SET metadata = '{"c":"3"}' WHERE id = '${id}'`);
    expect(await metadataOf(id)).toEqual({ c: "3" });
  });

  test("of an Id that is not there writes nothing", async () => {
    const { rowCount, error } = await running.query(`UPDATE Customer SET Metadata = '{"a":"1"}' WHERE Id = 'cus_none'`);
    expect({ rowCount, error }).toEqual({ rowCount: 0, error: undefined });
    expect(requestLines(running.sandbox)).toEqual(["GET /v1/customers/cus_none"]);
    running.sandbox.requests.clear();
  });

  test("is counted with its reading by EXPLAIN, which sends nothing", async () => {
    const explained = async (value: string) => {
      const sql = `EXPLAIN (FORMAT JSON) UPDATE Customer SET Metadata = ${value} WHERE Id IN ('cus_1', 'cus_2')`;
      const { rows } = await running.query(sql);
      return Object.values(rows[0] ?? {})[0] as { readonly requests: number };
    };
    expect((await explained(`'{"a":"1"}'`)).requests).toBe(4);
    expect((await explained("'{}'")).requests).toBe(2);
    expect((await explained(`json_merge_patch(Metadata, '{"a":"1"}')`)).requests).toBe(2);
    expect(requestLines(running.sandbox)).toEqual([]);
  });
});

describe("a merge of metadata", () => {
  test.each([
    [`json_merge_patch(Metadata, '{"c":"3","a":null}')`, []],
    [`json_merge_patch(metadata, ?)`, [{ c: "3", a: null }]],
    [`json_merge_patch(Metadata, '{"c":"3","a":null}'::JSON)`, []],
    [`json_merge_patch(Metadata, json_object('c', '3', 'a', NULL))`, []],
    [`json_merge_patch(json_merge_patch(Metadata, '{"c":"2"}'), '{"c":"3","a":null}')`, []],
  ])("%s is sent as it is written, without reading", async (value, parameters) => {
    const id = await customer({ a: "1", b: "2" });
    const { sent, rows, now } = await assign(id, value, parameters);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatch(
      new RegExp(`^POST /v1/customers/${id} metadata\\[(c\\]=3&metadata\\[a\\]=|a\\]=&metadata\\[c\\]=3)$`),
    );
    expect({ rows, now }).toEqual({ rows: [{ Metadata: { b: "2", c: "3" } }], now: { b: "2", c: "3" } });
  });

  test("is sent as it is written where WHERE reads the rows, parameters of other parts beside it", async () => {
    const id = await customer({ a: "1", b: "2" }, { email: "merge@example.com" });
    await running.query(`UPDATE Customer SET Metadata = json_merge_patch(Metadata, ?), Phone = ? WHERE Email = ?`, [
      { c: "3" },
      "7",
      "merge@example.com",
    ]);
    expect(requestLines(running.sandbox)).toEqual([
      "GET /v1/customers email=merge@example.com&limit=100",
      `POST /v1/customers/${id} metadata[c]=3&phone=7`,
    ]);
  });

  test("of the row's own columns sends what it changes", async () => {
    const id = await customer({ a: "1", b: "2" });
    expect(
      await assign(id, `json_merge_patch(Metadata, json_object('a', NULL, 'b', '2', 'name', Name))`),
    ).toMatchObject({
      sent: [`GET /v1/customers/${id}`, `POST /v1/customers/${id} metadata[a]=&metadata[name]=Ada`],
      now: { b: "2", name: "Ada" },
    });
  });

  test("is an expression like any other in SELECT", async () => {
    const id = await customer({ a: "1", b: "2" });
    const { rows } = await running.query(
      `SELECT json_merge_patch(Metadata, '{"c":"3","a":null}') AS merged FROM Customer WHERE Id = '${id}'`,
    );
    expect(rows).toEqual([{ merged: { b: "2", c: "3" } }]);
  });
});

describe("an assignment of a whole structure", () => {
  const address = { city: "Oslo", country: "NO", line1: "Gate 1", postal_code: "0150" };

  test("unsets the fields that it lacks and the object holds", async () => {
    const id = await customer({}, { address });
    const { rows } = await running.query(
      `UPDATE Customer SET Address = '{"city":"Rome","country":"IT"}' WHERE Id = '${id}' RETURNING AddressCity, AddressLine1`,
    );
    expect(rows).toEqual([{ AddressCity: "Rome", AddressLine1: expect.toBeOneOf([null, ""]) }]);
    expect(requestLines(running.sandbox)).toEqual([
      `GET /v1/customers/${id}`,
      `POST /v1/customers/${id} address[city]=Rome&address[country]=IT&address[line1]=&address[postal_code]=`,
    ]);
  });

  test("reaches into the structures within it", async () => {
    const id = await customer({}, { shipping: { name: "Ada", phone: "1", address } });
    running.sandbox.requests.clear();
    await running.query(
      `UPDATE Customer SET Shipping = '{"name":"Bo","address":{"line1":"Via 2"}}' WHERE Id = '${id}'`,
    );
    expect(requestLines(running.sandbox).at(-1)).toBe(
      `POST /v1/customers/${id} shipping[address][city]=&shipping[address][country]=&shipping[address][line1]=Via%202&shipping[address][postal_code]=&shipping[name]=Bo&shipping[phone]=`,
    );
  });

  test("of nothing is one request", async () => {
    const id = await customer({}, { shipping: { name: "Ada", address } });
    await running.query(`UPDATE Customer SET Shipping = '{}' WHERE Id = '${id}'`);
    await running.query(`UPDATE Customer SET AddressCity = NULL WHERE Id = '${id}'`);
    expect(requestLines(running.sandbox)).toEqual([
      `POST /v1/customers/${id} shipping=`,
      `POST /v1/customers/${id} address[city]=`,
    ]);
  });

  test("leaves what it does not name where it is written as a merge", async () => {
    const id = await customer({}, { address });
    await running.query(
      `UPDATE Customer SET Address = json_merge_patch(Address, '{"city":"Rome","line1":null}') WHERE Id = '${id}'`,
    );
    expect(requestLines(running.sandbox)).toEqual([`POST /v1/customers/${id} address[city]=Rome&address[line1]=`]);
  });

  test("says what Stripe has no way to unset", async () => {
    const { data } = await running.stripe.subscriptions.list({ limit: 1, status: "active" });
    const id = data[0]?.id ?? "";
    running.sandbox.requests.clear();
    const { notices, error } = await running.query(
      `UPDATE Subscription SET PaymentSettings = '{"payment_method_types":["card"]}' WHERE Id = '${id}'`,
    );
    expect(error).toBeUndefined();
    expect(notices).toEqual([
      "Stripe has no way to unset PaymentSettingsSaveDefaultPaymentMethod: what the assigned value lacks there may stay as it is",
    ]);
  });
});
