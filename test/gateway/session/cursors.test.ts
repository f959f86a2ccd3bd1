import type { Client } from "pg";
import { describe, expect, it } from "vitest";
import { serveGateway } from "../../support/served-gateway.js";

const gateway = serveGateway();

/** A client with a cursor over the numbers from 1 on, in a transaction. */
async function withCursor(options: string, last = 5): Promise<Client> {
  const client = await gateway.connect();
  await client.query(`BEGIN; DECLARE c ${options} FOR SELECT generate_series(1, ${last}) AS n`);
  return client;
}

/** The numbers that each FETCH gives; of MOVE how many it went over. */
async function walk(client: Client, steps: readonly string[]): Promise<readonly unknown[]> {
  const answers: unknown[] = [];
  for (const step of steps) {
    const { rows, rowCount } = await client.query(step);
    answers.push(step.startsWith("MOVE") ? rowCount : rows.map(({ n }) => n));
  }
  return answers;
}

const names = async (client: Client) =>
  (await client.query("SELECT name FROM pg_cursors WHERE name <> '' ORDER BY 1")).rows.map(({ name }) => name);

describe("a cursor with SCROLL", () => {
  it("goes to and fro as PostgreSQL's", async () => {
    const client = await withCursor("SCROLL CURSOR");
    const steps = {
      "FETCH BACKWARD FROM c": [],
      "FETCH 2 FROM c": [1, 2],
      "FETCH PRIOR FROM c": [1],
      "FETCH PRIOR IN c": [],
      "FETCH NEXT FROM c": [1],
      "FETCH LAST FROM c": [5],
      "FETCH c": [],
      "FETCH BACKWARD 2 FROM c": [5, 4],
      "FETCH FIRST FROM c": [1],
      "FETCH ABSOLUTE 3 FROM c": [3],
      "FETCH RELATIVE 2 FROM c": [5],
      "FETCH RELATIVE -3 FROM c": [2],
      "FETCH RELATIVE 0 FROM c": [2],
      "FETCH ABSOLUTE -2 FROM c": [4],
      "FETCH 0 FROM c": [4],
      "FETCH ABSOLUTE 0 FROM c": [],
      "FETCH ABSOLUTE 99 FROM c": [],
      "FETCH BACKWARD ALL FROM c": [5, 4, 3, 2, 1],
      "FETCH FORWARD ALL FROM c": [1, 2, 3, 4, 5],
      "MOVE BACKWARD ALL IN c": 5,
      "MOVE 3 IN c": 3,
      "MOVE 0 IN c": 1,
      "MOVE BACKWARD IN c": 1,
      "MOVE ABSOLUTE 44 IN c": 0,
      "MOVE LAST IN c": 1,
      "FETCH -2 FROM c": [4, 3],
    };
    expect(await walk(client, Object.keys(steps))).toEqual(Object.values(steps));
  });

  it("reads Stripe's rows once, however often it goes over them", async () => {
    const client = await gateway.connect();
    await client.query("BEGIN; DECLARE c SCROLL CURSOR FOR SELECT id AS n FROM customers ORDER BY created DESC");
    const [first] = await walk(client, ["FETCH ALL FROM c"]);
    gateway.sandbox.requests.clear();
    const [back] = await walk(client, ["FETCH BACKWARD ALL FROM c"]);
    expect([...(back as unknown[])].reverse()).toEqual(first);
    expect(gateway.sandbox.requests.entries).toEqual([]);
  });

  it("goes back over more rows than memory keeps", async () => {
    const client = await withCursor("SCROLL CURSOR", 60_000);
    expect(await walk(client, ["FETCH LAST FROM c", "FETCH ABSOLUTE 31000 FROM c", "FETCH PRIOR FROM c"])).toEqual([
      ...[[60_000], [31_000], [30_999]],
    ]);
    const [all] = await walk(client, ["FETCH BACKWARD ALL FROM c"]);
    expect(all).toEqual(Array.from({ length: 30_998 }, (_, index) => 30_998 - index));
  });
});

describe("a cursor without SCROLL", () => {
  it("goes forward to a place, and refuses to go back as PostgreSQL's does", async () => {
    const client = await withCursor("NO SCROLL CURSOR");
    expect(await walk(client, ["FETCH ABSOLUTE 2 FROM c", "FETCH RELATIVE 2 FROM c", "MOVE 0 IN c"])).toEqual([
      ...[[2], [4], 1],
    ]);
    await client.query("SAVEPOINT s");
    await expect(client.query("FETCH PRIOR FROM c")).rejects.toMatchObject({
      ...{ code: "55000", message: "cursor can only scan forward" },
      hint: "Declare it with SCROLL option to enable backward scan.",
    });
    await client.query("ROLLBACK TO s");
    await expect(client.query("FETCH NEXT FROM c")).rejects.toMatchObject({ code: "55000" });
  });
});

describe("cursors and the ends of transactions", () => {
  it("lets ROLLBACK TO take away those that were declared since", async () => {
    const client = await gateway.connect();
    await client.query("BEGIN; DECLARE a CURSOR FOR SELECT 1; SAVEPOINT s; DECLARE b CURSOR FOR SELECT 2");
    expect(await names(client)).toEqual(["a", "b"]);
    await client.query("ROLLBACK TO s");
    expect(await names(client)).toEqual(["a"]);
    expect((await client.query("FETCH a")).rowCount).toBe(1);
    await expect(client.query("FETCH b")).rejects.toMatchObject({ code: "34000" });
  });

  it("keeps those WITH HOLD past COMMIT, and not past ROLLBACK", async () => {
    const client = await withCursor("SCROLL CURSOR WITH HOLD");
    await client.query("FETCH 2 FROM c");
    await client.query("COMMIT");
    expect(await walk(client, ["FETCH c", "FETCH PRIOR FROM c"])).toEqual([[3], [2]]);
    await client.query("BEGIN; DECLARE gone CURSOR WITH HOLD FOR SELECT 1");
    await client.query("ROLLBACK");
    expect(await names(client)).toEqual(["c"]);
    await client.query("CLOSE ALL");
    await expect(client.query("FETCH c")).rejects.toMatchObject({ code: "34000" });
  });
});

describe("the views of a session", () => {
  it("show its cursors and prepared statements, and nobody else's", async () => {
    const client = await withCursor("SCROLL CURSOR WITH HOLD");
    const cursors =
      "SELECT name, statement, is_holdable, is_scrollable, creation_time <= clock_timestamp() AS made FROM pg_cursors";
    const c = { name: "c", is_holdable: true, is_scrollable: true, made: true };
    expect((await client.query(cursors)).rows).toEqual([
      { ...c, statement: "DECLARE c SCROLL CURSOR WITH HOLD FOR SELECT generate_series(1, 5) AS n" },
    ]);
    await client.query("PREPARE p (numeric, text[]) AS SELECT $1, $2");
    await client.query({ name: "q", text: "SELECT $1::int4 + 1 AS x", values: [1] });
    const prepared =
      "SELECT name, statement, parameter_types::text AS types, result_types::text AS results, from_sql FROM pg_prepared_statements ORDER BY 1";
    expect((await client.query(prepared)).rows).toEqual([
      {
        ...{ name: "p", statement: "PREPARE p (numeric, text[]) AS SELECT $1, $2", from_sql: true },
        ...{ types: "{numeric,text[]}", results: "{numeric,text[]}" },
      },
      { name: "q", statement: "SELECT $1::int4 + 1 AS x", types: "{integer}", results: "{integer}", from_sql: false },
    ]);
    const other = await gateway.connect();
    expect(await names(other)).toEqual([]);
    expect((await other.query(prepared)).rows).toEqual([]);
  });
});
