import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Connection } from "../../src/driver/api.js";
import { connect } from "../../src/driver/connect.js";
import { DuckdbEngine } from "../../src/execute/duckdb/duckdb-engine.js";
import { foldConstant } from "../../src/plan/predicate/constant.js";
import { connectSandbox } from "../support/sandbox-connection.js";
import { errorOf } from "../support/scripted-client.js";
import { statementOf } from "../support/statement-planning.js";

const running = connectSandbox({ customers: 40 });
const pacificMidnight = Date.UTC(2026, 9, 10, 7) / 1000;

async function textsOf(connection: Connection, sql: string, style: "sql" | "json" = "sql") {
  const texts: (readonly (string | null)[])[] = [];
  for await (const row of connection.stream(sql).texts(style)) texts.push(row);
  return texts;
}

async function shownBy(connection: Connection): Promise<unknown> {
  return Object.values((await connection.query("SHOW TimeZone")).rows[0] ?? {})[0];
}

describe("a time zone that is none", () => {
  it.each([
    ["SET TimeZone = 'Los_Angeles'", '"America/Los_Angeles"'],
    ["SET TIME ZONE 'America/Los_Angles'", '"America/Los_Angeles"'],
    ["SET TimeZone = '+02:00'", "Name a zone such as"],
    ["SET TimeZone TO 'UTC+3'", "Name a zone such as"],
    ["SET TIME ZONE 5.5", "Asia/Kolkata"],
    ["SET TIME ZONE 99", "Name a zone such as"],
    ["SET TimeZone = ''", "Name a zone such as"],
    ["SET TimeZone = 'Factory'", ""],
  ])("%s", async (sql, hint) => {
    const error = await running.failure(sql);
    expect(error.sqlState).toBe("22023");
    expect(error.message).toMatch(/^invalid value for parameter "TimeZone": "/);
    expect(error.hint).toContain(hint);
    expect(await shownBy(running.connection)).toBe("UTC");
  });

  it("is refused as a property too", async () => {
    const error = await errorOf(running.open({ timeZone: "Mars/Olympus" }));
    expect(error).toMatchObject({ sqlState: "22023", message: "invalid value for connection property TimeZone" });
  });

  it("has the zone of its city suggested as a property too", async () => {
    expect(await errorOf(running.open({ timeZone: "Berlin" }))).toMatchObject({
      sqlState: "22023",
      hint: 'Did you mean "Europe/Berlin"?',
    });
  });

  it.each([
    ["SET statement_timeout = 5", "sys_connection_props"],
    ["SET ReadOnly = false", "ReadOnly is a property of the connection"],
    ["SET TimeZon = 'UTC'", 'Did you mean "TimeZone"?'],
    ["SHOW search_path", "sys_connection_props"],
    ["RESET work_mem", "sys_connection_props"],
  ])("nor is another setting one: %s", async (sql, hint) => {
    const error = await running.failure(sql);
    expect(error.sqlState).toBe("42704");
    expect(error.message).toMatch(/^unrecognized configuration parameter "/);
    expect(error.hint).toContain(hint);
  });

  it.each(["SET TimeZone =", "SET TIME ZONE", "SET TimeZone = 'UTC' 'x'", "RESET", "SHOW", "SET TIME ZONE INTERVAL"])(
    "%s is a mistake of syntax",
    async (sql) => {
      expect((await running.failure(sql)).sqlState).toBe("42601");
    },
  );
});

describe("SET, SHOW and RESET", () => {
  afterEach(() => running.query("RESET ALL"));

  it.each([
    ["SET TimeZone = 'America/Los_Angeles'", "America/Los_Angeles"],
    ["set timezone to 'america/los_angeles'", "America/Los_Angeles"],
    ["SET SESSION TimeZone = 'Asia/Kathmandu'", "Asia/Kathmandu"],
    ["SET TIME ZONE 'Europe/Berlin'", "Europe/Berlin"],
    ["SET TIME ZONE -8", "<-08>+08"],
    ["SET TimeZone = '<-08>+08'", "<-08>+08"],
    ["SET TimeZone = '3'", "<+03>-03"],
    ["SET TIME ZONE INTERVAL '-08:00' HOUR TO MINUTE", "<-08>+08"],
    ["SET TIME ZONE 0", "UTC"],
    ["SET TIME ZONE 'Europe/Berlin'; SET TIME ZONE LOCAL", "UTC"],
    ["SET TimeZone = 'Europe/Berlin'; SET TimeZone TO DEFAULT", "UTC"],
    ["SET TimeZone = 'Europe/Berlin'; RESET TimeZone", "UTC"],
    ["SET TimeZone = 'Europe/Berlin'; RESET TIME ZONE", "UTC"],
    ["SET TimeZone = 'Europe/Berlin'; RESET ALL", "UTC"],
  ])("%s", async (sql, shown) => {
    await running.query(sql);
    expect(await shownBy(running.connection)).toBe(shown);
    expect((await running.query("SHOW TIME ZONE")).rows).toEqual([{ TimeZone: shown }]);
    expect((await running.query("SHOW ALL")).rows).toMatchObject([{ name: "TimeZone", setting: shown }]);
  });

  it("are of one session: another of the same account keeps its own", async () => {
    const other = await running.open({ timeZone: "Asia/Tokyo" });
    await running.query("SET TimeZone = 'America/New_York'");
    expect(await shownBy(other)).toBe("Asia/Tokyo");
    expect(await textsOf(other, "SELECT TIMESTAMPTZ '2026-07-01'")).toEqual([["2026-07-01 00:00:00+09"]]);
    await other.query("SET TIME ZONE 'UTC'; RESET TimeZone");
    expect(await shownBy(other)).toBe("Asia/Tokyo");
  });

  it("within BEGIN are undone by ROLLBACK, and SET LOCAL by either end", async () => {
    await running.query("BEGIN; SET TimeZone = 'Europe/Berlin'; SET LOCAL TimeZone = 'Asia/Tokyo'");
    expect(await shownBy(running.connection)).toBe("Asia/Tokyo");
    await running.query("COMMIT");
    expect(await shownBy(running.connection)).toBe("Europe/Berlin");
    await running.query("BEGIN; SET TimeZone = 'Asia/Tokyo'; ROLLBACK");
    expect(await shownBy(running.connection)).toBe("Europe/Berlin");
    const { notices } = await running.query("SET LOCAL TIME ZONE 'Asia/Tokyo'");
    expect(notices).toEqual(["SET LOCAL can only be used in transaction blocks"]);
    expect(await shownBy(running.connection)).toBe("Europe/Berlin");
  });

  it("send nothing, and are described", async () => {
    expect(await running.sent("SET TimeZone = 'Asia/Tokyo'")).toEqual([]);
    const described = await running.connection.describeStatement("SHOW TimeZone");
    expect(described.columns).toEqual([{ name: "TimeZone", type: "VARCHAR" }]);
    expect((await running.connection.describeStatement("SET TimeZone = 'UTC'")).columns).toEqual([]);
  });
});

describe("under a zone", () => {
  beforeAll(async () => {
    await running.query("SET TimeZone = 'America/Los_Angeles'");
    return () => running.query("RESET ALL");
  });

  it("a bound that names none is of the zone, in the request too", async () => {
    const lines = [`GET /v1/customers created%5Bgte%5D=${pacificMidnight}&limit=100`];
    expect((await running.sent("SELECT Id FROM Customer WHERE Created >= '2026-10-10'")).map(decoded)).toEqual(
      lines.map(decoded),
    );
    for (const bound of [
      "DATE '2026-10-10'",
      "TIMESTAMP '2026-10-10'",
      "'2026-10-10 07:00:00+00'",
      "'2026-10-10 00:00'",
    ])
      expect((await running.sent(`SELECT Id FROM Customer WHERE Created >= ${bound}`)).join(" "), bound).toContain(
        String(pacificMidnight),
      );
    expect((await running.sent("SELECT Id FROM Customer WHERE Created >= ?", ["2026-10-10"])).join(" ")).toContain(
      String(pacificMidnight),
    );
  });

  it("EXPLAIN shows the bound that is sent", async () => {
    const { rows } = await running.query("EXPLAIN SELECT Id FROM Customer WHERE Created >= '2026-10-10'");
    expect(JSON.stringify(rows)).toContain(`created[gte]=${pacificMidnight}`);
    const json = await running.query("EXPLAIN (FORMAT JSON) SELECT Id FROM Customer WHERE Created >= '2026-10-10'");
    expect(JSON.stringify(json.rows)).toContain(String(pacificMidnight));
  });

  it("times are written with its offset; rows hold instants", async () => {
    const sql = "SELECT Created FROM Customer ORDER BY Created DESC LIMIT 1";
    const [row] = (await running.query(sql)).rows;
    const created = row?.["Created"];
    if (!(created instanceof Date)) throw new Error("no Date");
    const [[text] = []] = await textsOf(running.connection, sql);
    expect(text).toMatch(/ \d\d:\d\d:\d\d-0[78]$/);
    expect(new Date(String(text).replace(" ", "T").replace(/$/, ":00")).getTime()).toBe(created.getTime());
    expect(await textsOf(running.connection, "SELECT TIMESTAMPTZ '2026-11-10'", "json")).toEqual([
      ['"2026-11-10T00:00:00-08:00"'],
    ]);
    expect(await textsOf(running.connection, "SELECT TIMESTAMP '2026-11-10'")).toEqual([["2026-11-10 00:00:00"]]);
  });

  it.each([
    ["TIMESTAMPTZ '2026-03-08 02:30'", "2026-03-08 03:30:00-07"],
    ["TIMESTAMPTZ '2026-11-01 01:30'", "2026-11-01 01:30:00-08"],
    ["date_trunc('day', TIMESTAMPTZ '2026-07-01 03:00:00+00')", "2026-06-30 00:00:00-07"],
    ["(TIMESTAMPTZ '2026-07-01 03:00:00+00')::DATE", "2026-06-30"],
    ["extract(hour FROM TIMESTAMPTZ '2026-07-01 03:00:00+00')", "20"],
    ["TIMESTAMPTZ '2026-07-01 03:00:00+00' AT TIME ZONE 'Asia/Tokyo'", "2026-07-01 12:00:00"],
    ["(TIMESTAMPTZ '2026-07-01 03:00:00+00')::VARCHAR", "2026-06-30 20:00:00-07"],
  ])("%s is %s on every way", async (expression, shown) => {
    expect(await textsOf(running.connection, `SELECT ${expression}`)).toEqual([[shown]]);
    expect(await textsOf(running.connection, `SELECT ${expression} FROM Customer LIMIT 1`)).toEqual([[shown]]);
    expect(await textsOf(running.connection, `SELECT max(${expression}) FROM Customer`)).toEqual([[shown]]);
  });

  it("a time that is written to Stripe is of the zone", async () => {
    const sent = await running.sent(
      `INSERT INTO Coupon (PercentOff, Duration, RedeemBy) VALUES (5, 'once', '2027-01-01'), (5, 'once', DATE '2027-01-01' + INTERVAL 1 DAY)`,
    );
    expect(sent.map(decoded).join("\n")).toContain(`redeem_by=${Date.UTC(2027, 0, 1, 8) / 1000}`);
    expect(sent.map(decoded).join("\n")).toContain(`redeem_by=${Date.UTC(2027, 0, 2, 8) / 1000}`);
  });

  it("a prepared statement is read in the zone of its execution", async () => {
    const prepared = running.connection.prepare("SELECT TIMESTAMPTZ '2026-07-01 00:00' AS at");
    const at = async () => (await prepared.query()).rows[0]?.["at"];
    expect(await at()).toEqual(new Date("2026-07-01T07:00:00Z"));
    await running.query("SET TimeZone = 'Asia/Tokyo'");
    expect(await at()).toEqual(new Date("2026-06-30T15:00:00Z"));
    await running.query("SET TimeZone = 'America/Los_Angeles'");
  });
});

const decoded = (line: string): string => decodeURIComponent(line);

const zones = [
  "America/Los_Angeles",
  "America/St_Johns",
  "America/Sao_Paulo",
  "Africa/Monrovia",
  "Africa/Casablanca",
  "Asia/Kathmandu",
  "Asia/Tehran",
  "Asia/Gaza",
  "Australia/Lord_Howe",
  "Europe/Berlin",
  "Europe/Chisinau",
  "Europe/Dublin",
  "Europe/Amsterdam",
  "Pacific/Apia",
  "Pacific/Kiritimati",
  "Etc/GMT+8",
  "EST5EDT",
  "PST",
];

describe("what the planner reads", () => {
  let engine: DuckdbEngine;
  let oracle: Awaited<ReturnType<DuckDBInstance["connect"]>>;
  beforeAll(async () => {
    engine = await DuckdbEngine.open([], { fileAccess: false });
    oracle = await (await DuckDBInstance.create(":memory:")).connect();
    return async () => {
      oracle.closeSync();
      await engine.close();
    };
  });

  const two = (value: number): string => String(value).padStart(2, "0");
  const day = fc
    .date({ min: new Date("1900-01-01"), max: new Date("2100-12-31"), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
  const time = fc.tuple(fc.nat(23), fc.nat(59), fc.nat(59)).map((parts) => parts.map(two).join(":"));
  /** Where clocks are changed, and near it. */
  const changes = fc
    .tuple(
      fc.constantFrom("2026-03-08", "2026-11-01", "2011-12-30", "2011-12-29", "2026-10-25", "2026-03-29", "1972-01-07"),
      fc.nat(3),
      fc.nat(59),
    )
    .map(([date, hour, minute]) => `${date} ${two(hour)}:${two(minute)}:00`);
  const wall = fc.oneof(
    day,
    fc.tuple(day, time).map((parts) => parts.join(" ")),
    changes,
  );
  const expression = fc.oneof(
    wall.map((text) => `TIMESTAMPTZ '${text}'`),
    wall.map((text) => `TIMESTAMP '${text}'`),
    day.map((text) => `DATE '${text}'`),
    wall.map((text) => `CAST(TIMESTAMPTZ '${text}+00:00' AS DATE)`.replace(/(\d{4}-\d\d-\d\d)\+/, "$1 00:00:00+")),
    fc
      .tuple(fc.constantFrom("hour", "day", "week", "month", "quarter", "year"), wall)
      .map(([unit, text]) => `date_trunc('${unit}', TIMESTAMPTZ '${text}')`),
    fc
      .tuple(wall, fc.constantFrom("+", "-"), fc.constantFrom("1 day", "36 hours", "2 weeks", "1 month", "1 year"))
      .map(([text, sign, interval]) => `TIMESTAMPTZ '${text}' ${sign} INTERVAL '${interval}'`),
  );

  it.each(zones)("in %s is what the local engine reads, or is left to it", async (name) => {
    const zone = await engine.timeZone(name);
    await oracle.run(`SET TimeZone = '${name}'`);
    let folded = 0;
    await fc.assert(
      fc.asyncProperty(expression, async (sql) => {
        const { query } = statementOf(`SELECT ${sql}`, "select");
        const read = query.kind === "select" ? query.items[0]?.expression : undefined;
        const scalar = read && foldConstant(read, { parameters: [], nowSeconds: 0, zone });
        if (scalar?.type !== "timestamp") return;
        folded += 1;
        const answer = await oracle.runAndReadAll(`SELECT epoch((${sql})::TIMESTAMPTZ)`);
        expect(scalar.seconds, sql).toBe(Number(answer.value(0, 0)));
      }),
      { numRuns: 150 },
    );
    expect(folded).toBeGreaterThan(100);
  });
});

describe("with and without pushdown", () => {
  it("the same rows are found under any zone", async () => {
    const target = { apiKey: running.sandbox.apiKey, apiBase: running.sandbox.url };
    const [unpushed, indirect] = await Promise.all([
      connect({ ...target, pushdown: false }),
      connect({ ...target, directWay: false }),
    ]);
    const moments = (await running.query("SELECT Created FROM Customer")).rows.map((row) => row["Created"] as Date);
    const bound = fc
      .tuple(fc.constantFrom(...moments), fc.integer({ min: -14, max: 14 }), fc.constantFrom(10, 16, 19))
      .map(([at, hours, length]) =>
        new Date(at.getTime() + hours * 3_600_000).toISOString().replace("T", " ").slice(0, length),
      );
    const condition = fc.tuple(
      fc.constantFrom("=", "<", "<=", ">", ">="),
      bound,
      fc.constantFrom("", "DATE ", "TIMESTAMP "),
    );
    try {
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...zones), condition, async (name, [operator, text, type]) => {
          const sql = `SELECT Id FROM Customer WHERE Created ${operator} ${type}'${text}' ORDER BY Id`;
          const answers: unknown[] = [];
          for (const connection of [running.connection, unpushed, indirect]) {
            await connection.query(`SET TimeZone = '${name}'`);
            answers.push((await connection.query(sql)).rows);
          }
          expect(answers[0], `${name}: ${sql}`).toEqual(answers[1]);
          expect(answers[2], `${name}: ${sql}`).toEqual(answers[1]);
        }),
        { numRuns: 40 },
      );
    } finally {
      await Promise.all([unpushed.close(), indirect.close()]);
      await running.query("RESET ALL");
    }
  });
});
