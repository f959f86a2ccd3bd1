import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { connectSandbox, requestLines } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 8 });

/** New customers' ids. */
async function customers(count: number): Promise<readonly string[]> {
  const made = [];
  for (let index = 0; index < count; index += 1) made.push((await running.stripe.customers.create({ name: "Ada" })).id);
  running.sandbox.requests.clear();
  return made;
}

const described = async (id: string): Promise<unknown> => {
  const customer = await running.stripe.customers.retrieve(id);
  return customer.deleted === true ? "deleted" : customer.description;
};

describe("what UPDATE … FROM and DELETE … USING cannot mean", () => {
  test.each([
    ["UPDATE Customer SET Name = 'x' FROM Charge h", "0A000", "UPDATE without WHERE would touch every row"],
    ["DELETE FROM Customer USING Charge h", "0A000", "DELETE without WHERE would touch every row"],
    ["UPDATE Customer c SET Nam = 'x' FROM Charge h WHERE h.Customer = c.Id", "42703", 'column "Nam" of "Customer"'],
    ["UPDATE Customer c SET Name = h.Nope FROM Charge h WHERE h.Customer = c.Id", "42703", ""],
    ["UPDATE Customer c SET Name = Id FROM Charge h WHERE h.Customer = c.Id", "42702", "ambiguous"],
    [
      "UPDATE Customer c SET Name = 'x' FROM Charg h WHERE h.Customer = c.Id",
      "42P01",
      'relation "Charg" does not exist',
    ],
    ["UPDATE Customer c SET Name = 'x' FROM (DELETE FROM Customer) h WHERE TRUE", "0A000", "inside a query"],
    ["WITH gone AS (DELETE FROM Customer) UPDATE Customer SET Name = 'x' WHERE TRUE", "0A000", "inside a query"],
    ["WITH x AS (SELECT 1) UPDATE Customer Name = 'x'", "42601", "syntax error"],
    [
      "UPDATE Customer c SET Name = 'x' FROM Charge h WHERE h.Customer = c.Id RETURNING h.Id",
      "0A000",
      'RETURNING of "h"',
    ],
    ["WITH x AS (SELECT 1) INSERT INTO Customer (Name) VALUES ('x')", "0A000", "WITH before INSERT … VALUES"],
  ])("%s", async (sql, sqlState, message) => {
    const error = await running.failure(sql);
    expect(error.sqlState).toBe(sqlState);
    expect(error.message).toContain(message);
    expect(requestLines(running.sandbox).filter((line) => !line.startsWith("GET"))).toEqual([]);
  });

  test("rows that give one object different values are refused before anything is sent, with its id", async () => {
    const [id = ""] = await customers(1);
    const error = await running.failure(
      "UPDATE Customer c SET Description = f.d FROM (VALUES (?, 'one'), (?, 'other')) f(id, d) WHERE c.Id = f.id",
      [id, id],
    );
    expect(error).toMatchObject({ sqlState: "21000", message: `several rows give "${id}" different values` });
    expect(requestLines(running.sandbox)).toEqual([]);
  });

  test("a read-only connection refuses both", async () => {
    const connection = await running.open({ readOnly: true });
    const updating = connection.query("UPDATE Customer c SET Name = 'x' FROM Charge h WHERE h.Customer = c.Id");
    await expect(updating).rejects.toMatchObject({ sqlState: "25006" });
    const deleting = connection.query("DELETE FROM Customer c USING Charge h WHERE h.Customer = c.Id");
    await expect(deleting).rejects.toMatchObject({ sqlState: "25006" });
  });
});

describe("UPDATE … FROM", () => {
  test("writes by the ids of its source without reading, and an id that is not there is no match", async () => {
    const [one = "", two = ""] = await customers(2);
    const { rowCount, rows, write } = await running.query(
      `UPDATE Customer c SET Description = f.text FROM (VALUES (?, 'first'), ('cus_gone', 'x'), (?, 'second'), (NULL, 'x')) f(id, text)
       WHERE f.id = c.Id RETURNING Id, Description`,
      [one, two],
    );
    expect({ rowCount, rows, calls: write?.calls.map(({ state }) => state) }).toEqual({
      rowCount: 2,
      rows: [
        { Id: one, Description: "first" },
        { Id: two, Description: "second" },
      ],
      calls: ["written", "no match", "written"],
    });
    expect(requestLines(running.sandbox)).toEqual([
      `POST /v1/customers/${one} description=first`,
      "POST /v1/customers/cus_gone description=x",
      `POST /v1/customers/${two} description=second`,
    ]);
  });

  test("finds its objects by the source's keys, and values may be of both", async () => {
    const [id = ""] = await customers(1);
    await running.stripe.customers.update(id, { email: "from@example.com", metadata: { kept: "yes" } });
    running.sandbox.requests.clear();
    await running.query(
      `UPDATE Customer c SET Description = c.Name || f.text, Metadata = json_merge_patch(c.Metadata, json_object('k', f.text))
       FROM (VALUES ('from@example.com', 'x'), ('nobody@example.com', 'y')) f(email, text) WHERE c.Email = f.email`,
    );
    expect(requestLines(running.sandbox)).toEqual([
      "GET /v1/customers email=from@example.com&limit=100",
      "GET /v1/customers email=nobody@example.com&limit=100",
      `POST /v1/customers/${id} description=Adax&metadata[k]=x`,
    ]);
  });

  test("another table's column of the same name is no merge of the object's own", async () => {
    const [id = ""] = await customers(1);
    await running.stripe.customers.update(id, { metadata: { own: "1" } });
    await running.query(
      `UPDATE Customer c SET Metadata = json_merge_patch(f.Metadata, '{"new": "2"}')
       FROM (VALUES (?, '{"other": "3"}')) f(id, Metadata) WHERE c.Id = f.id`,
      [id],
    );
    expect(await running.stripe.customers.retrieve(id)).toMatchObject({ metadata: { new: "2", other: "3" } });
    expect((await running.stripe.customers.retrieve(id)) as object).not.toHaveProperty("metadata.own");
  });

  test("rows that give an object the same are one", async () => {
    const { outcomes } = await running.query(
      "UPDATE Customer c SET Description = 'has paid' FROM Charge h WHERE h.Customer = c.Id AND h.Paid",
    );
    const { rows } = await running.query("SELECT DISTINCT Customer FROM Charge WHERE Paid AND Customer IS NOT NULL");
    expect(outcomes.map((outcome) => "id" in outcome && outcome.id).sort()).toEqual(
      rows.map((row) => row["Customer"]).sort(),
    );
  });

  test("takes common tables, views and several tables with their joins", async () => {
    const connection = await running.open();
    await connection.query("CREATE TEMP VIEW paying AS SELECT Customer, count(*) AS n FROM Charge GROUP BY Customer");
    const updated = await connection.query(
      `WITH last AS (SELECT Customer AS who, max(Amount) AS most FROM Charge GROUP BY 1)
       UPDATE Customer AS c SET Description = p.n || ' up to ' || l.most
       FROM paying p JOIN last l ON l.who = p.Customer WHERE p.Customer = c.Id RETURNING Id, Description`,
    );
    const expected = await connection.query(
      `SELECT Customer AS "Id", count(*) || ' up to ' || max(Amount) AS "Description" FROM Charge WHERE Customer IS NOT NULL GROUP BY 1`,
    );
    const sorted = (rows: typeof updated.rows) => rows.map((row) => JSON.stringify(row)).sort();
    expect(sorted(updated.rows)).toEqual(sorted(expected.rows));
  });

  test("an array is a list of its source's rows", async () => {
    const ids = await customers(2);
    const { outcomes } = await running.query(
      "UPDATE Customer c SET Description = 'listed' FROM (SELECT unnest(?::VARCHAR[]) AS id) f WHERE c.Id = f.id",
      [ids],
    );
    expect(outcomes).toEqual(ids.map((id) => ({ state: "written", id })));
    const made = await running.query("INSERT INTO Customer (Name) SELECT unnest(?) RETURNING Name", [["a", "b"]]);
    expect(made.rows).toEqual([{ Name: "a" }, { Name: "b" }]);
  });

  test("EXPLAIN tells how its objects are found, and sends nothing", async () => {
    const { rows } = await running.query(
      "EXPLAIN UPDATE Customer c SET Description = f.d FROM (VALUES ('a@example.com', 'x')) f(e, d) WHERE c.Email = f.e",
    );
    expect(rows.map((row) => row["QUERY PLAN"])).toEqual(
      expect.arrayContaining([
        "Update Customer: POST /v1/customers/{customer} for each object",
        "    List: GET /v1/customers  email=a@example.com",
      ]),
    );
    expect(requestLines(running.sandbox)).toEqual([]);
  });

  test("writes what the same computation over objects says", async () => {
    const ids = await customers(4);
    const source = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.constantFrom("a", "b", "c", null)), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(source, fc.boolean(), async (given, isRead) => {
        for (const id of ids) await running.stripe.customers.update(id, { description: "before" });
        const rows = given.map(([index, text]) => [ids[index] ?? `cus_none${index}`, text] as const);
        // Of objects that are read first, one that is not there is none.
        const wanted = valuesById(isRead ? rows.filter(([id]) => ids.includes(id)) : rows);
        const isRefused = holdsSeveral(wanted);
        const updating = running.query(
          `UPDATE Customer c SET Description = f.text FROM (VALUES ${rows.map(valueText).join(", ")}) f(id, text)
           WHERE c.Id = f.id${isRead ? " AND c.Name = 'Ada'" : ""}`,
        );
        if (isRefused) await expect(updating).rejects.toMatchObject({ sqlState: "21000" });
        else await updating;
        const expected = ids.map((id) => (isRefused ? "before" : givenBy(wanted.get(id))));
        expect(await Promise.all(ids.map(described))).toEqual(expected);
      }),
      { numRuns: 25, seed: 13 },
    );
  });
});

describe("DELETE … USING", () => {
  test("deletes each object once, whichever rows match it", async () => {
    const [one = "", two = "", three = ""] = await customers(3);
    const { outcomes } = await running.query(
      "DELETE FROM Customer c USING (VALUES (?), (?), (?)) f(id), (VALUES (1), (2)) twice(n) WHERE c.Id = f.id AND c.Name = 'Ada'",
      [one, two, one],
    );
    expect(outcomes.map((outcome) => "id" in outcome && outcome.id).sort()).toEqual([one, two].sort());
    expect([await described(one), await described(two), await described(three)]).toEqual(["deleted", "deleted", null]);
  });
});

type SourceRow = readonly [id: string, text: string | null];

const valueText = ([id, text]: SourceRow): string => `('${id}', ${text === null ? "NULL::VARCHAR" : `'${text}'`})`;

function valuesById(rows: readonly SourceRow[]): ReadonlyMap<string, ReadonlySet<string | null>> {
  const values = new Map<string, Set<string | null>>();
  for (const [id, text] of rows) values.set(id, (values.get(id) ?? new Set()).add(text));
  return values;
}

const holdsSeveral = (values: ReadonlyMap<string, ReadonlySet<unknown>>): boolean =>
  [...values.values()].some(({ size }) => size > 1);

function givenBy(values: ReadonlySet<string | null> | undefined): string | null {
  const [value = "before"] = values ?? [];
  return value;
}
