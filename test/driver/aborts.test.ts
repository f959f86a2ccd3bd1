import { afterAll, beforeAll, expect, test } from "vitest";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 250 });

/** ABORTS=1000 tries harder. */
const aborts = Number(process.env["ABORTS"] ?? 100);
const latestAbortMs = 30;

const statements = {
  "a long local query": "SELECT count(*) FROM range(10000000) a, range(1000000) b WHERE (a.range + b.range) % 7 = 1",
  "a long local query with a parameter":
    "SELECT count(*) FROM range(10000000) a, range(1000000) b WHERE (a.range + b.range) % $1 = 1",
  "a scan that skips the engine": "SELECT Id, Email FROM Customer",
  "a scan that streams through it": "SELECT Id, upper(Email) FROM Customer WHERE Name LIKE '%a%'",
  "a scan that is loaded first": "SELECT Currency, count(*) FROM Customer GROUP BY Currency",
  "a join": "SELECT count(*) FROM Customer c JOIN Invoice i ON i.Customer = c.Id",
};

const databases = async () => (await running.query("SELECT database_name FROM duckdb_databases()")).rowCount;
let atFirst = 0;
beforeAll(async () => {
  atFirst = await databases();
});
afterAll(async () => expect(await databases(), "a database of an aborted statement's is left").toBe(atFirst));

// Within 10 ms, an abort used to be lost: the engine had not begun what was to be interrupted.
test.each(Object.entries(statements))(
  "an abort that comes before its end ends %s with 57014, and its connection goes on",
  async (_, sql) => {
    for (let count = 0; count < Math.ceil(aborts / Object.keys(statements).length); count += 1) {
      const controller = new AbortController();
      const parameters = sql.includes("$1") ? [7] : [];
      const statement = running.query(sql, parameters, { signal: controller.signal }).then(
        () => "result",
        (error) => error.sqlState,
      );
      let outcome: string | undefined;
      const ended = statement.then((state) => {
        outcome = state;
      });
      const outcomeAtAbort = await new Promise<string | undefined>((resolve) => {
        const abort = () => {
          controller.abort();
          resolve(outcome);
        };
        setTimeout(abort, Math.random() * latestAbortMs);
      });
      await ended;
      expect(outcome).toBe(outcomeAtAbort ?? "57014");
      expect((await running.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
    }
  },
  300_000,
);
