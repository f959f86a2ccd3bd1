import fc from "fast-check";
import { expect, test } from "vitest";
import type { Connection } from "../../../src/driver/api.js";
import { connectSandbox } from "../../support/sandbox-connection.js";

const sandbox = connectSandbox({ customers: 40 });

const queries = [
  "SELECT Id, Name FROM Customer WHERE Name IS NOT NULL",
  "SELECT Currency AS Id, count(*) AS Name FROM Charge GROUP BY 1",
  "SELECT Id, Description AS Name FROM Customer ORDER BY Created DESC, Id LIMIT 3",
  "SELECT c.Customer AS Id, sum(c.Amount) AS Name FROM Charge c JOIN Customer k ON k.Id = c.Customer GROUP BY 1",
] as const;

const names = ["a", "b"] as const;
const step = fc.oneof(
  fc.record({
    kind: fc.constant("create" as const),
    name: fc.constantFrom(...names),
    query: fc.nat(queries.length - 1),
  }),
  fc.record({
    kind: fc.constantFrom("refresh" as const, "drop" as const),
    name: fc.constantFrom(...names),
  }),
  fc.record({ kind: fc.constant("write" as const), name: fc.constantFrom(...names) }),
);

const rowsOf = async (connection: Connection, sql: string) =>
  (await connection.query(sql)).rows.map((row) => JSON.stringify(Object.values(row))).sort();

interface Held {
  readonly query: string;
  readonly rows: readonly string[];
}

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** Takes a step, and tells in `held` what the tables hold then. */
async function take(one: Step, held: Map<string, Held>, connection: Connection): Promise<void> {
  const before = held.get(one.name);
  const keep = async (query: string) => held.set(one.name, { query, rows: await rowsOf(sandbox.connection, query) });
  switch (one.kind) {
    case "create": {
      const query = queries[one.query] ?? queries[0];
      await keep(query);
      await connection.query(`CREATE OR REPLACE TEMP TABLE ${one.name} AS ${query}`);
      return;
    }
    case "write":
      await connection.query("INSERT INTO Customer (Name, Description) VALUES ('new', 'new')");
      return;
    case "drop":
    case "refresh": {
      const statement = connection.query(`${one.kind === "drop" ? "DROP TABLE" : "REFRESH"} ${one.name}`);
      if (before === undefined) return expect(statement).rejects.toMatchObject({ sqlState: "42P01" });
      await statement;
      if (one.kind === "drop") held.delete(one.name);
      else await keep(before.query);
    }
  }
}

test("whatever is created, written, refreshed and dropped, a temp table holds what its query gave when it was read", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
      const connection = await sandbox.open();
      const held = new Map<string, Held>();
      for (const one of steps) {
        await take(one, held, connection);
        for (const [name, { rows }] of held)
          expect(await rowsOf(connection, `SELECT Id, Name FROM ${name}`)).toEqual(rows);
      }
      await connection.close();
    }),
    { numRuns: 8, seed: 1 },
  );
}, 120_000);
