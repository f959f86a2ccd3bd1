import type pg from "pg";
import { describe, expect, it } from "vitest";
import { serveGateway } from "../../support/served-gateway.js";

const gateway = serveGateway({}, { customers: 20 });

const shown = async (client: pg.Client, name: string): Promise<string> =>
  Object.values((await client.query(`SHOW ${name}`)).rows[0] as Record<string, string>)[0] ?? "";

const failureOf = (client: pg.Client, sql: string): Promise<pg.DatabaseError> =>
  client.query(sql).then(
    () => Promise.reject(new Error(`${sql} did not fail`)),
    (error: pg.DatabaseError) => error,
  );

describe("set_config", () => {
  it("lasts for the session: it lasted for its statement", async () => {
    const client = await gateway.connect();
    const told = new Promise((resolve) => {
      client.on("parameterStatus" as "notice", resolve);
      (client as unknown as { connection: NodeJS.EventEmitter }).connection.on("parameterStatus", resolve);
    });
    await client.query("SELECT set_config('timezone', 'europe/berlin', false)");
    expect(await shown(client, "TimeZone")).toBe("Europe/Berlin");
    expect(await told).toMatchObject({ parameterName: "TimeZone", parameterValue: "Europe/Berlin" });
    const { rows } = await client.query("SELECT '2026-11-01 00:00Z'::timestamptz::text AS t");
    expect(rows[0].t).toBe("2026-11-01 01:00:00+01");
    await client.query("RESET TimeZone");
    expect(await shown(client, "TimeZone")).toBe("UTC");
  });

  it("goes with its transaction where it is rolled back, or is for that alone", async () => {
    const client = await gateway.connect();
    const set = (isLocal: boolean) => `SELECT set_config('DateStyle', 'German', ${isLocal})`;
    await client.query(set(true));
    expect(await shown(client, "DateStyle")).toBe("ISO, MDY");
    for (const [isLocal, end, after] of [
      [false, "ROLLBACK", "ISO, MDY"],
      [true, "COMMIT", "ISO, MDY"],
      [false, "COMMIT", "German, DMY"],
    ] as const) {
      await client.query("BEGIN");
      await client.query(set(isLocal));
      expect(await shown(client, "DateStyle")).toBe("German, DMY");
      await client.query(end);
      expect(await shown(client, "DateStyle")).toBe(after);
    }
    // What fails in the end has set nothing.
    await failureOf(client, "SELECT set_config('DateStyle', 'ISO', false), 1 / 0");
    expect(await shown(client, "DateStyle")).toBe("German, DMY");
    await client.query("BEGIN; SAVEPOINT s; SELECT set_config('DateStyle', 'ISO', false); ROLLBACK TO s; COMMIT");
    expect(await shown(client, "DateStyle")).toBe("German, DMY");
  });

  it("is held to what SET may do", async () => {
    const client = await gateway.connect();
    expect(await failureOf(client, "SELECT set_config('search_path', 'v2, stripe', false)")).toMatchObject({
      code: "0A000",
    });
    expect(await failureOf(client, "SELECT set_config('client_encoding', 'LATIN1', false)")).toMatchObject({
      code: "0A000",
    });
    expect(await failureOf(client, "SELECT set_config('role', 'pg_stripe_sql', false)")).toMatchObject({
      code: "42501",
    });
    expect(await failureOf(client, "SELECT set_config('stripe.max_request', '1', false)")).toMatchObject({
      code: "42704",
    });
    await client.query("SELECT set_config('stripe.max_requests', '1', false)");
    expect(await shown(client, "stripe.max_requests")).toBe("1");
    expect(
      await failureOf(client, "INSERT INTO customers (email) SELECT set_config('my.thing', 'a@b.test', false)"),
    ).toMatchObject({ code: "0A000" });
  });

  it("sets by the rows of Stripe's tables too, the last of them", async () => {
    const client = await gateway.connect();
    const { rows } = await client.query("SELECT id, set_config('my.last', id, false) AS told FROM customers");
    expect(rows.map(({ told }) => told)).toEqual(rows.map(({ id }) => id));
    expect(await shown(client, "my.last")).toBe(rows.at(-1)?.id);
  });
});

describe("a setting that a session has made up", () => {
  it("is there however it is spelt, and none to another session: it was an empty one", async () => {
    const one = await gateway.connect();
    await one.query("SET my.thing = 'a'");
    await one.query("SELECT set_config('MY.Thing', 'b', false)");
    expect(await shown(one, "my.thing")).toBe("b");
    expect((await one.query("SELECT current_setting('My.Thing') AS v")).rows).toEqual([{ v: "b" }]);
    const other = await gateway.connect();
    expect(await failureOf(other, "SHOW my.thing")).toMatchObject({
      code: "42704",
      message: 'unrecognized configuration parameter "my.thing"',
    });
    expect(await failureOf(other, "SELECT current_setting('my.thing')")).toMatchObject({ code: "42704" });
    const { rows } = await other.query(
      "SELECT current_setting('my.thing', true) AS v, (SELECT count(*)::int FROM pg_settings WHERE name LIKE 'my.%') AS n",
    );
    expect(rows).toEqual([{ v: null, n: 0 }]);
    expect((await other.query("SELECT current_setting('stripe_sql.pid', true) AS v")).rows).toEqual([{ v: null }]);
  });

  it("is a setting of PostgreSQL's own where that has a dot in its name", async () => {
    expect(await shown(await gateway.connect(), "plpgsql.variable_conflict")).toBe("error");
  });

  it("is one of so many at most, as each statement brings them along", async () => {
    const client = await gateway.connect();
    const many = await failureOf(client, "SELECT set_config('a.b' || g, '', false) FROM generate_series(1, 300) g");
    expect(many).toMatchObject({ code: "54000", message: "too many settings" });
    expect((await client.query("SELECT count(*)::int AS n FROM customers")).rows).toEqual([{ n: 20 }]);
    const long = await failureOf(client, "SELECT set_config('a.b', repeat('x', 300000), false)");
    expect(long).toMatchObject({ code: "54000" });
    await client.query("SELECT set_config('a.b' || g, '', false) FROM generate_series(1, 200) g");
    expect((await client.query("SELECT current_setting('a.b200') AS v")).rows).toEqual([{ v: "" }]);
  });

  it("may be reset, and ends with the session's state", async () => {
    const client = await gateway.connect();
    await client.query("SET my.thing = 'a'");
    await client.query("DISCARD ALL");
    expect((await client.query("SELECT current_setting('my.thing', true) AS v")).rows).toEqual([{ v: null }]);
    await client.query("RESET never.seen");
  });
});

describe("a time zone", () => {
  it("may be one of those that say that they have no leap seconds: they were 22023", async () => {
    const client = await gateway.connect();
    await client.query("SET TimeZone = 'posix/Europe/Berlin'");
    expect(await shown(client, "TimeZone")).toBe("Europe/Berlin");
    expect(await failureOf(client, "SET TimeZone = 'posix/Nowhere'")).toMatchObject({ code: "22023" });
  });
});

describe("channels that a session listens to", () => {
  const channels = async (client: pg.Client) =>
    (await client.query("SELECT pg_listening_channels() AS channel")).rows.map(({ channel }) => channel);

  it("are told by pg_listening_channels(), once what was said is committed", async () => {
    const client = await gateway.connect();
    await client.query("LISTEN a");
    await client.query('LISTEN "B c"');
    expect(await channels(client)).toEqual(["a", "B c"]);
    expect(await channels(await gateway.connect())).toEqual([]);
    await client.query("BEGIN; LISTEN d; SAVEPOINT s; UNLISTEN *; ROLLBACK TO s; COMMIT");
    expect(await channels(client)).toEqual(["a", "B c", "d"]);
    await client.query("BEGIN; LISTEN e; UNLISTEN a; ROLLBACK");
    expect(await channels(client)).toEqual(["a", "B c", "d"]);
    await client.query("UNLISTEN d");
    expect(await channels(client)).toEqual(["a", "B c"]);
    await client.query("DISCARD ALL");
    expect(await channels(client)).toEqual([]);
  });
});

describe("the notice of what a rolled back transaction wrote", () => {
  it("names ten writes, and how many more there were", async () => {
    const client = await gateway.connect();
    const told: string[] = [];
    client.on("notice", ({ message }) => told.push(String(message)));
    await client.query("BEGIN");
    const ids: string[] = [];
    for (let count = 0; count < 12; count += 1)
      ids.push((await client.query("INSERT INTO customers (email) VALUES ('a@b.test') RETURNING id")).rows[0].id);
    await client.query("ROLLBACK");
    const named = ids.slice(0, 10).map((id) => `INSERT customers: ${id}`);
    expect(told.at(-1)).toBe(`Stripe cannot roll back; already written: ${named.join("; ")}; and 2 more`);
  });
});
