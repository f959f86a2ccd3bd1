import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../../src/driver/database.js";
import { openDatabase } from "../../src/driver/open-connection.js";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 30 });

let database: Database;
beforeEach(async () => {
  database = await openDatabase({ apiKey: running.sandbox.apiKey, apiBase: running.sandbox.url });
});
afterEach(() => database.close());

const everyone = "SELECT count(*) AS n FROM Customer";

describe("sessions of one database", () => {
  test("each remember their own transaction", async () => {
    const [one, two] = [database.session(), database.session()];
    await one.query("BEGIN");
    await one.query("INSERT INTO Product (Name) VALUES ('One')");
    expect((await two.query("COMMIT")).notices).toEqual(["there is no transaction in progress"]);
    expect((await one.query("ROLLBACK")).notices).toEqual([
      expect.stringMatching(/^Stripe cannot roll back; already written: INSERT Product: prod_/),
    ]);
  });

  test("run statements at once over one engine", async () => {
    const sessions = [database.session(), database.session(), database.session()];
    const results = await Promise.all(sessions.map((session) => session.query(everyone)));
    expect(results.map(({ rows }) => rows)).toEqual(sessions.map(() => [{ n: 30 }]));
  });

  test("end alone: the others' statements run on", async () => {
    const [one, two] = [database.session(), database.session()];
    running.sandbox.faults.add({ path: "/v1/customers", times: 2, effect: { kind: "delay", milliseconds: 100 } });
    const [ended, kept] = [one.query(everyone), two.query(everyone)];
    const refused = expect(ended).rejects.toMatchObject({ sqlState: "57014" });
    await one.close();
    await refused;
    expect((await kept).rows).toEqual([{ n: 30 }]);
    await expect(one.query(everyone)).rejects.toMatchObject({ sqlState: "08006" });
    expect((await two.query(everyone)).rows).toEqual([{ n: 30 }]);
  });

  test("all end with the database", async () => {
    const sessions = [database.session(), database.session()];
    running.sandbox.faults.add({ path: "/v1/customers", times: 9, effect: { kind: "delay", milliseconds: 5_000 } });
    const ended = sessions.map((session) =>
      expect(session.query(everyone)).rejects.toMatchObject({ sqlState: "57014" }),
    );
    await database.close();
    await Promise.all(ended);
    for (const session of sessions) await expect(session.query(everyone)).rejects.toMatchObject({ sqlState: "08006" });
  });

  test("cannot be opened over a closed one", async () => {
    await database.close();
    expect(() => database.session()).toThrow(expect.objectContaining({ sqlState: "08006" }));
  });
});

test("a session that owns its database closes it", async () => {
  const owner = database.session({ ownsDatabase: true });
  const other = database.session();
  await owner.close();
  await expect(other.query(everyone)).rejects.toMatchObject({ sqlState: "08006" });
});
