import { describe, expect, it } from "vitest";
import { connectSandbox } from "../support/sandbox-connection.js";

const running = connectSandbox({ customers: 20 });

async function customers(count: number): Promise<readonly { readonly Id: string; readonly Email: string }[]> {
  const { rows } = await running.query(`SELECT Id, Email FROM Customer WHERE Email IS NOT NULL LIMIT ${count}`);
  running.sandbox.requests.clear();
  return rows.map(({ Id, Email }) => ({ Id: String(Id), Email: String(Email) }));
}

describe("an array", () => {
  it.each([
    "Email IN (?)",
    "Email = ANY (?)",
    "Email = SOME(?)",
    "Email = ANY(?::text[])",
    "Email IN (?) AND Email IN (SELECT Email FROM Customer)",
  ])("in %s is an IN list, and one list request for each value", async (condition) => {
    const [first, second] = await customers(2);
    const emails = [first?.Email, second?.Email, null] as string[];
    const result = await running.query(`SELECT Id FROM Customer WHERE ${condition}`, [emails]);
    expect(new Set(result.rows.map(({ Id }) => Id))).toEqual(new Set([first?.Id, second?.Id]));
  });

  it("in IN and ANY is pushed", async () => {
    const [first, second] = await customers(2);
    const emails = [first?.Email, second?.Email] as string[];
    const lists = emails.map((email) => `GET /v1/customers email=${email}&limit=100`);
    for (const condition of ["Email IN (?)", "Email = ANY (?)", "Email = ANY (?::text[])"]) {
      expect(await running.sent(`SELECT Id FROM Customer WHERE ${condition}`, [emails])).toEqual(lists);
    }
  });

  it.each([["Email IN (?)"], ["Email = ANY(?)"], ["Email IN (?) LIMIT 3"], ["Created IN (?)"], ["Balance = ANY(?)"]])(
    "without values has no row and sends nothing: %s",
    async (condition) => {
      const result = await running.query(`SELECT Id FROM Customer WHERE ${condition}`, [[]]);
      expect(result).toMatchObject({ rows: [], requests: 0 });
    },
  );

  it.each(["Phone NOT IN (?)", "Phone <> ALL (?)", "Phone != ALL(?)"])(
    "without values leaves out no row, NULL neither, with NOT IN and <> ALL: %s",
    async (condition) => {
      const all = await running.query("SELECT count(*) AS n FROM Customer");
      expect((await running.query(`SELECT count(*) AS n FROM Customer WHERE ${condition}`, [[]])).rows).toEqual(
        all.rows,
      );
    },
  );

  it("with NOT IN and <> ALL leaves out its values", async () => {
    const [first] = await customers(1);
    for (const condition of ["Email NOT IN (?)", "Email <> ALL (?)", "NOT Email = ANY (?)"]) {
      const { rows } = await running.query(`SELECT Id FROM Customer WHERE ${condition}`, [[first?.Email as string]]);
      expect(rows.map(({ Id }) => Id)).not.toContain(first?.Id);
      expect(rows.length).toBeGreaterThan(0);
    }
  });

  it("stands beside other values, by number and by name, and more than once", async () => {
    const [first, second] = await customers(2);
    const ids = [first?.Id, second?.Id] as string[];
    const numbered = "SELECT Id FROM Customer WHERE Id IN ($2, $1) AND ($3 OR Id = ANY($1)) ORDER BY Id";
    expect((await running.query(numbered, [ids, "cus_none", false])).rows.map(({ Id }) => Id)).toEqual([...ids].sort());
    const named =
      "SELECT count(*) AS n FROM Customer WHERE Id IN (@ids) AND Balance > ALL (@low) AND list_contains(@ids, Id)";
    expect((await running.query(named, { ids, low: [-1_000_000_000, -2_000_000_000] })).rows).toEqual([{ n: 2 }]);
  });

  it("holds numbers, bigints, truth values and dates too", async () => {
    const { rows } = await running.query("SELECT Id, Created, Balance, Livemode FROM Customer ORDER BY Id LIMIT 1");
    const [row] = rows;
    for (const [condition, values] of [
      ["Created IN (?)", [row?.["Created"], new Date(0)]],
      ["Balance = ANY(?)", [row?.["Balance"], 9007199254740993n]],
      ["Livemode IN (?)", [false]],
    ] as const) {
      const found = await running.query(`SELECT Id FROM Customer WHERE ${condition} ORDER BY Id`, [values]);
      expect(found.rows.map(({ Id }) => Id)).toContain(row?.["Id"]);
    }
  });

  it("is taken by a prepared statement, whose runs have arrays of any length", async () => {
    const [first, second] = await customers(2);
    const statement = running.connection.prepare("SELECT Id FROM Customer WHERE Id = ANY(?) ORDER BY Id");
    for (const ids of [[], [first?.Id], [first?.Id, second?.Id]] as string[][]) {
      expect((await statement.query([ids])).rows.map(({ Id }) => Id)).toEqual([...ids].sort());
    }
  });

  it("is taken by UPDATE and DELETE, while an array elsewhere is a value for JSON", async () => {
    const [first, second] = await customers(2);
    const ids = [first?.Id, second?.Id] as string[];
    const sql = "UPDATE Customer SET PreferredLocales = ? WHERE Id IN (?) RETURNING Id, PreferredLocales";
    const { rows } = await running.query(sql, [["de", "en"], ids]);
    expect(rows.map(({ PreferredLocales }) => PreferredLocales)).toEqual([
      ["de", "en"],
      ["de", "en"],
    ]);
    const deleted = await running.query("DELETE FROM Customer WHERE Id = ANY(?)", [ids]);
    expect(deleted.rowCount).toBe(2);
  });

  it("where one value is needed is refused", async () => {
    expect(await running.failure("SELECT Id FROM Customer WHERE Email = ?", [["a@b.c"]])).toMatchObject({
      sqlState: "42804",
    });
  });

  it("is described as one value, before it is known", async () => {
    const { parameters } = await running.connection.describeStatement("SELECT Id FROM Customer WHERE Email IN (?)");
    expect(parameters).toEqual([{ name: "1", type: "VARCHAR" }]);
  });
});

describe("an infinite time", () => {
  it.each([
    ["Created < 'infinity'", true],
    ["Created > '-infinity'", true],
    ["Created >= TIMESTAMPTZ '-infinity'", true],
    ["Created > 'infinity'", false],
    ["Created = 'infinity'", false],
    ["Created <= '-infinity'::timestamptz", false],
    ["Created > date_trunc('day', 'infinity'::timestamptz) - INTERVAL '1 month'", false],
  ])("is beyond all of Stripe's: %s", async (condition, isTrue) => {
    const all = (await running.query("SELECT Id FROM Customer")).rows.length;
    const sql = `SELECT Id FROM Customer WHERE ${condition}`;
    expect((await running.query(sql)).rows).toHaveLength(isTrue ? all : 0);
    running.sandbox.requests.clear();
    const sent = await running.sent(sql);
    if (isTrue) expect(sent).toEqual(["GET /v1/customers limit=100"]);
    else expect(sent).toEqual([]);
    expect((await running.query(`EXPLAIN ${sql}`)).rows.length).toBeGreaterThan(0);
  });
});
