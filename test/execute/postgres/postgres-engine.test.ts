import { describe, expect, it } from "vitest";
import { errorOf } from "../../support/scripted-client.js";
import { byColumn, client, openEngine, run } from "./open-engine.js";

const opened = openEngine({ patienceMs: 500 });
const { ask } = opened;

function fillCustomers(rows: readonly (readonly [string, string | null, number])[]) {
  return (turn: Parameters<NonNullable<NonNullable<Parameters<typeof ask>[1]>["fill"]>>[0]) => {
    const table = opened.table("customers");
    return turn.fill(table, opened.columns(table, ["id", "email", "balance"]), byColumn(rows));
  };
}

const three = fillCustomers([
  ["cus_1", "a@example.com", 100],
  ["cus_2", null, -5],
  ["cus_3", "c@example.com", 7],
]);

describe("a statement", () => {
  it("runs over what was filled, and gives PostgreSQL's own frames", async () => {
    const answer = await ask("SELECT id, balance FROM customers WHERE balance > 0 ORDER BY balance", { fill: three });
    expect(answer).toMatchObject({
      frames: "TDC",
      columns: [
        { name: "id", type: 25, format: 0 },
        { name: "balance", type: 20, format: 0 },
      ],
      rows: [
        ["cus_3", "7"],
        ["cus_1", "100"],
      ],
      tag: "SELECT 2",
    });
  });

  it("finds the tables empty after the turn", async () => {
    await ask("SELECT 1 FROM customers", { fill: three });
    expect((await ask("SELECT count(*) FROM customers")).rows).toEqual([["0"]]);
  });

  it("takes parameters and gives results, in text and in binary", async () => {
    const eight = Buffer.alloc(8);
    eight.writeBigInt64BE(40n);
    const answer = await ask("SELECT $1::int8 + 2, $2::text", {
      parameters: [eight, null],
      formats: { parameters: ["binary"], results: ["binary", "text"] },
    });
    expect(answer.columns.map(({ format }) => format)).toEqual([1, 0]);
    expect(answer.rows).toEqual([["\0\0\0\0\0\0\0*", null]]);
  });

  it("is refused with PostgreSQL's fields, the position in the client's own text", async () => {
    const { frames, error } = await ask("SELECT id, nonsense FROM customers", { fill: three });
    expect(frames).toBe("E");
    expect(error).toMatchObject({ C: "42703", M: 'column "nonsense" does not exist', P: "12" });
  });

  it("that fails in mid-result gives what came before, and leaves the turn usable", async () => {
    const turn = await opened.engine.turn(client);
    try {
      await three(turn);
      const failing = await run(turn, "SELECT 1 / (2 - n) FROM generate_series(1, 3) n");
      expect([failing.frames, failing.rows, failing.error?.["C"]]).toEqual(["TDE", [["1"]], "22012"]);
      expect((await run(turn, "SELECT count(*) FROM customers")).rows).toEqual([["3"]]);
    } finally {
      await turn.end();
    }
  });

  it("is described without being run", async () => {
    const turn = await opened.engine.turn(client);
    try {
      const described = await turn.describe({
        text: "SELECT id, created FROM customers WHERE balance > $1 AND email = $2 AND pg_sleep(1000) IS NULL",
        parameterTypes: [],
      });
      expect(described).toMatchObject({ kind: "described", parameterTypes: [20, 25] });
      expect(await turn.describe({ text: "SHOW work_mem", parameterTypes: [] })).toMatchObject({ parameterTypes: [] });
      const refused = await turn.describe({ text: "SELECT nonsense", parameterTypes: [] });
      expect(refused).toMatchObject({ kind: "refused", refusal: { sqlState: "42703", position: 8 } });
    } finally {
      await turn.end();
    }
  });

  it("of a COPY gives its rows as the format has them", async () => {
    const answer = await ask("COPY (SELECT id, email FROM customers ORDER BY id) TO STDOUT (FORMAT csv, HEADER)", {
      fill: three,
    });
    expect(answer.copied).toBe("id,email\ncus_1,a@example.com\ncus_2,\ncus_3,c@example.com\n");
    expect(answer.tag).toBe("COPY 3");
  });

  it("of several batches runs over one after the other", async () => {
    const turn = await opened.engine.turn(client);
    try {
      const counts: unknown[] = [];
      for (const ids of [["a", "b"], ["c"]]) {
        turn.clear(opened.table("customers"));
        await fillCustomers(ids.map((id) => [id, null, 0] as const))(turn);
        counts.push((await run(turn, "SELECT string_agg(id, ',' ORDER BY id) FROM customers")).rows[0]?.[0]);
      }
      expect(counts).toEqual(["a,b", "c"]);
    } finally {
      await turn.end();
    }
  });
});

describe("a row", () => {
  it("keeps each type's values as they are", async () => {
    const table = opened.table("invoice_line_items");
    const names = ["amount", "description", "discountable", "metadata", "period_end", "pricing_unit_amount_decimal"];
    const rows = [
      [
        9_007_199_254_740_993n,
        "é\u{1f600}\\\t\n'",
        true,
        { a: [1.5, "ü", null] },
        1_761_955_200_123_456,
        12_345_678_901_234n,
      ],
      [-1, "", false, "text", -62_135_596_800_000_000, -500_000_000_000n],
      [0, null, null, null, null, 10_000_000_000_000_000n],
      [2 ** 31, "x", true, false, 0, 0n],
    ];
    const list = names.join(", ").replace("description", "encode(convert_to(description, 'UTF8'), 'hex')");
    const { rows: read } = await ask(`SELECT ${list} FROM invoice_line_items`, {
      client: { ...client, parameters: new Map([["TimeZone", "UTC"]]) },
      fill: (turn) => turn.fill(table, opened.columns(table, names), byColumn(rows)),
    });
    expect(read.map(([amount, , ...rest]) => [amount, ...rest])).toEqual([
      [
        "9007199254740993",
        "t",
        Buffer.from('{"a": [1.5, "ü", null]}').toString("latin1"),
        "2025-11-01 00:00:00.123456+00",
        "12.345678901234",
      ],
      ["-1", "f", '"text"', "0001-01-01 00:00:00+00", "-0.5"],
      ["0", null, null, null, "10000"],
      ["2147483648", "t", "false", "1970-01-01 00:00:00+00", "0"],
    ]);
    expect(read.map(([, description]) => description)).toEqual(["c3a9f09f98805c090a27", "", null, "78"]);
  });

  it("that is given twice is there once", async () => {
    const answer = await ask("SELECT count(*), sum(balance) FROM customers", {
      fill: async (turn) => {
        await three(turn);
        await three(turn);
      },
    });
    expect(answer.rows).toEqual([["3", "102"]]);
  });

  it("needs no key where the statement names none", async () => {
    const table = opened.table("customers");
    const answer = await ask("SELECT email, count(*) FROM customers GROUP BY email", {
      fill: (turn) => turn.fill(table, opened.columns(table, ["email"]), [["a", "a", "a"]]),
    });
    expect(answer.rows).toEqual([["a", "3"]]);
  });

  it("that PostgreSQL cannot hold fails the statement, and says which column it is", async () => {
    const table = opened.table("customers");
    const error = await errorOf(
      ask("SELECT 1", { fill: (turn) => turn.fill(table, opened.columns(table, ["email"]), [["a\0b"]]) }),
    );
    expect([error.sqlState, error.message]).toEqual(["22021", expect.stringContaining('"email"')]);
    expect((await ask("SELECT 1")).rows).toEqual([["1"]]);
  });
});

describe("hidden and pseudo-columns", () => {
  it("are a table's for the turn that names them, and no one's else", async () => {
    const table = opened.table("customers");
    const answer = await ask("SELECT _json ->> 'id' FROM customers WHERE search_query = 'x:1'", {
      fill: (turn) =>
        turn.fill(table, opened.columns(table, ["id", "_json", "search_query"]), [
          ["cus_1"],
          [{ id: "cus_1" }],
          ["x:1"],
        ]),
    });
    expect(answer.rows).toEqual([["cus_1"]]);
    expect((await ask("SELECT _json FROM customers")).error).toMatchObject({ C: "42703" });
    expect((await ask("SELECT * FROM customers")).columns.map(({ name }) => name)).not.toContain("search_query");
  });
});

describe("a client", () => {
  it("is known by its own names, and has its own settings", async () => {
    const parameters = new Map([
      ["TimeZone", "Asia/Tokyo"],
      ["DateStyle", "German"],
      ["application_name", "it's \\ odd"],
    ]);
    const sql =
      "SELECT current_user, session_user, current_database(), timestamptz '2026-01-01 00:00+00', current_setting('application_name')";
    expect((await ask(sql, { client: { user: "bob o'\"x", database: "other", parameters } })).rows).toEqual([
      ["bob o'\"x", "bob o'\"x", "other", "01.01.2026 09:00:00 JST", "it's \\ odd"],
    ]);
    expect((await ask(sql)).rows[0]?.slice(0, 4)).toEqual(["alice", "alice", "shop", "2026-01-01 00:00:00+00"]);
  });

  it("whose setting is none is told so, and no one else", async () => {
    const parameters = new Map([["TimeZone", "Nowhere/Here"]]);
    const error = await errorOf(ask("SELECT 1", { client: { ...client, parameters } }));
    expect(error.sqlState).toBe("22023");
    expect((await ask("SHOW TimeZone")).rows).toEqual([["UTC"]]);
  });

  it("leaves nothing to the next", async () => {
    await ask("SELECT set_config('work_mem', '1GB', false), set_config('search_path', 'v2', false)");
    await ask("SELECT pg_advisory_lock(1), setseed(0.5), pg_notify('c', 'x')");
    const seeded = (await ask("SELECT random()")).rows;
    await ask("SELECT setseed(0.5)");
    expect((await ask("SELECT random()")).rows).not.toEqual(seeded);
    expect((await ask("SELECT current_setting('work_mem'), current_setting('search_path')")).rows).toEqual([
      ["4MB", "stripe, public"],
    ]);
    expect((await ask("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")).rows).toEqual([["0"]]);
    expect((await ask("SELECT count(*) FROM pg_prepared_statements")).rows).toEqual([["0"]]);
  });

  it("may only read", async () => {
    const states: Record<string, string | undefined> = {};
    for (const sql of [
      "SELECT set_config('role', 'pg_stripe_sql', true)",
      "SELECT set_config('SESSION_AUTHORIZATION', 'pg_stripe_sql', false)",
      "SELECT set_config('exit_on_error', 'on', false)",
      "SELECT set_config('temp_file_limit', '-1', false)",
      "SELECT pg_stripe_sql_set_config('role', 'none', false)",
      "SELECT pg_read_file('PG_VERSION')",
      "SELECT lo_import('/etc/passwd')",
      "SELECT lo_from_bytea(0, 'x')",
      "COPY customers TO '/x'",
      "COPY (SELECT 1) TO PROGRAM 'id'",
      "COPY customers FROM STDIN",
      "SELECT * INTO x FROM customers",
      "WITH x AS (INSERT INTO customers (id) VALUES ('x') RETURNING id) SELECT 1",
      "EXPLAIN ANALYZE CREATE TABLE x AS SELECT 1",
      "EXPLAIN ANALYZE DELETE FROM customers",
      "SELECT pg_stripe_sql_terminate_backend(pg_backend_pid(), 0)",
      "SELECT query_to_xml('set role pg_stripe_sql', true, true, '')",
      "SELECT query_to_xml('do $$begin end$$', true, true, '')",
      "SELECT rolpassword FROM pg_authid",
      "SELECT 1; SELECT 2",
      "SELECT accept_quote('qt_1')",
    ]) {
      states[sql] = (await ask(sql)).error?.["C"];
    }
    expect(states).toMatchInlineSnapshot(`
      {
        "COPY (SELECT 1) TO PROGRAM 'id'": "42501",
        "COPY customers FROM STDIN": "25006",
        "COPY customers TO '/x'": "42501",
        "EXPLAIN ANALYZE CREATE TABLE x AS SELECT 1": "42501",
        "EXPLAIN ANALYZE DELETE FROM customers": "25006",
        "SELECT * INTO x FROM customers": "25006",
        "SELECT 1; SELECT 2": "42601",
        "SELECT accept_quote('qt_1')": "0A000",
        "SELECT lo_from_bytea(0, 'x')": "25006",
        "SELECT lo_import('/etc/passwd')": "42501",
        "SELECT pg_read_file('PG_VERSION')": "42501",
        "SELECT pg_stripe_sql_set_config('role', 'none', false)": "42501",
        "SELECT pg_stripe_sql_terminate_backend(pg_backend_pid(), 0)": "42501",
        "SELECT query_to_xml('do $$begin end$$', true, true, '')": "0A000",
        "SELECT query_to_xml('set role pg_stripe_sql', true, true, '')": "0A000",
        "SELECT rolpassword FROM pg_authid": "42501",
        "SELECT set_config('SESSION_AUTHORIZATION', 'pg_stripe_sql', false)": "42501",
        "SELECT set_config('exit_on_error', 'on', false)": "42501",
        "SELECT set_config('role', 'pg_stripe_sql', true)": "42501",
        "SELECT set_config('temp_file_limit', '-1', false)": "42501",
        "WITH x AS (INSERT INTO customers (id) VALUES ('x') RETURNING id) SELECT 1": "25006",
      }
    `);
  });

  it.each([
    "COMMIT",
    "/* x */ ROLLBACK",
    "SET ROLE pg_stripe_sql",
    "DO $$ BEGIN END $$",
    "CREATE TABLE x ()",
    "PREPARE x AS SELECT 1",
  ])("is refused %s, which whoever runs statements takes out before", async (sql) => {
    expect((await errorOf(ask(sql))).sqlState).toBe("0A000");
  });
});

describe("a statement that is canceled", () => {
  const endless = "SELECT count(*) FROM generate_series(1, 1000000) a, generate_series(1, 1000000) b";

  it("ends with 57014, and the next goes on in the same backend", async () => {
    const controller = new AbortController();
    const turn = await opened.engine.turn(client, controller.signal);
    const running = errorOf(run(turn, endless));
    setTimeout(() => controller.abort(), 20);
    expect((await running).sqlState).toBe("57014");
    await turn.end();
    expect((await ask("SELECT 1")).rows).toEqual([["1"]]);
  });

  it("in the midst of its rows ends too, though nobody takes them", async () => {
    const controller = new AbortController();
    const turn = await opened.engine.turn(client, controller.signal);
    const rows = turn.run({
      ...{ text: "SELECT repeat('x', 1000), generate_series(1, 100000000)", parameterTypes: [] },
      ...{ parameterFormats: [], parameters: [], resultFormats: [] },
    });
    await rows.next();
    controller.abort();
    const error = await errorOf(
      (async () => {
        for await (const piece of rows) expect(piece.length).toBeGreaterThan(0);
      })(),
    );
    expect(error.sqlState).toBe("57014");
    await turn.end();
    expect((await ask("SELECT 1")).rows).toEqual([["1"]]);
  });

  it("by nobody, but left by its reader, leaves the turn to others", async () => {
    const turn = await opened.engine.turn(client);
    const rows = turn.run({
      ...{ text: "SELECT repeat('x', 1000), generate_series(1, 100000000)", parameterTypes: [] },
      ...{ parameterFormats: [], parameters: [], resultFormats: [] },
    });
    for await (const piece of rows) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
    expect((await run(turn, "SELECT 2")).rows).toEqual([["2"]]);
    await turn.end();
  });

  it.each(["pg_sleep(1000)", "pg_sleep_for('1 hour')", "pg_sleep_until('infinity')"])(
    "in %s ends too, in the same backend",
    async (sleep) => {
      const began = (await ask("SELECT pg_postmaster_start_time()")).rows;
      const controller = new AbortController();
      const turn = await opened.engine.turn(client, controller.signal);
      const sleeping = errorOf(run(turn, `SELECT ${sleep}`));
      setTimeout(() => controller.abort(), 20);
      expect((await sleeping).sqlState).toBe("57014");
      await turn.end();
      expect((await ask("SELECT pg_postmaster_start_time()")).rows).toEqual(began);
    },
  );

  it("and does not look, loses its backend; the next has another one", async () => {
    const began = (await ask("SELECT pg_postmaster_start_time()")).rows;
    const controller = new AbortController();
    const sleeping = errorOf(ask("SELECT pg_stripe_sql_sleep(1000)", { signal: controller.signal }));
    setTimeout(() => controller.abort(), 20);
    expect((await sleeping).sqlState).toBe("57014");
    expect((await ask("SELECT current_user, count(*) FROM customers", { fill: three })).rows).toEqual([["alice", "3"]]);
    expect((await ask("SELECT pg_postmaster_start_time()")).rows).not.toEqual(began);
  });

  it("while it waits for its turn never has one", async () => {
    const held = await opened.engine.turn(client);
    const controller = new AbortController();
    const waiting = errorOf(opened.engine.turn(client, controller.signal));
    const behind = ask("SELECT 3");
    controller.abort();
    expect((await waiting).sqlState).toBe("57014");
    await held.end();
    expect((await behind).rows).toEqual([["3"]]);
  });
});

describe("a statement that asks for too much", () => {
  it("of memory fails with 53200", async () => {
    const { error } = await ask(
      "SELECT count(x) FROM (SELECT array_agg(repeat('x', 10000000) || i) x FROM generate_series(1, 300) i) y",
    );
    expect(error?.["C"]).toBe("53200");
    expect((await ask("SELECT 1")).rows).toEqual([["1"]]);
  });

  it("of files fails with 53400", async () => {
    const { error } = await ask(
      "SELECT count(*) FROM (SELECT repeat(i::text, 100000) FROM generate_series(1, 10000) i ORDER BY 1 OFFSET 0) x",
    );
    expect(error?.["C"]).toBe("53400");
  });

  it("of nesting is told so", async () => {
    const { error } = await ask(`SELECT ${"1+".repeat(20_000)}1`);
    expect(error?.["C"]).toBe("54001");
    expect((await ask("SELECT 1")).rows).toEqual([["1"]]);
  });
});
