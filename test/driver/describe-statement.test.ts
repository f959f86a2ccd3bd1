import { describe, expect, it } from "vitest";
import { connectSandbox, requestLines } from "../support/sandbox-connection.js";
import { errorOf } from "../support/scripted-client.js";

const running = connectSandbox({ customers: 20 });

/** The columns and parameters of a statement, each with its type. */
async function described(sql: string) {
  const { columns, parameters } = await running.connection.describeStatement(sql);
  return {
    columns: columns?.map(({ name, type }) => `${name} ${type}`),
    parameters: parameters.map(({ name, type }) => `${name} ${type ?? "?"}`),
  };
}

const streamedColumns = async (sql: string, parameters?: readonly (string | number)[]) =>
  (await running.connection.stream(sql, parameters).columns()).map(({ name, type }) => `${name} ${type}`);

const sent = () => requestLines(running.sandbox);

describe("a statement that is described", () => {
  it.each<[string, readonly string[], readonly string[]]>([
    [
      "SELECT Id, Amount, Created FROM Charge WHERE Amount > ? AND Created >= ?",
      ["Id VARCHAR", "Amount BIGINT", "Created TIMESTAMPTZ"],
      ["1 BIGINT", "2 TIMESTAMPTZ"],
    ],
    [
      "SELECT Currency, count(*) AS n FROM Charge WHERE Status = @status GROUP BY 1",
      ["Currency VARCHAR", "n BIGINT"],
      ["status VARCHAR"],
    ],
    ["SELECT Amount + $2 AS more FROM Charge WHERE Id = $1", ["more BIGINT"], ["1 VARCHAR", "2 ?"]],
    [
      "SELECT c.Id, c.Id, h.Amount FROM Customer c JOIN Charge h ON h.Customer = c.Id AND h.Amount BETWEEN ? AND ? LIMIT ?",
      ["Id VARCHAR", "Id_1 VARCHAR", "Amount BIGINT"],
      ["1 BIGINT", "2 BIGINT", "3 BIGINT"],
    ],
    ["SELECT Id FROM BalanceTransaction WHERE Payout = ?", ["Id VARCHAR"], ["1 VARCHAR"]],
    ["SELECT TableName FROM sys_tables WHERE TableName LIKE ?", ["TableName VARCHAR"], ["1 VARCHAR"]],
    [
      "INSERT INTO Customer (Email, Metadata, Balance) VALUES (?, ?, ?) RETURNING Id, Created",
      ["Id VARCHAR", "Created TIMESTAMPTZ"],
      ["1 VARCHAR", "2 JSON", "3 BIGINT"],
    ],
    ["INSERT INTO Customer (Email) SELECT ? FROM Customer WHERE Balance > ?", [], ["1 VARCHAR", "2 BIGINT"]],
    [
      "UPDATE Customer SET Name = @name, Balance = @balance WHERE Id = @id RETURNING Name, @note AS note",
      ["Name VARCHAR", "note INTEGER"],
      ["name VARCHAR", "balance BIGINT", "id VARCHAR", "note ?"],
    ],
    ["DELETE FROM Customer WHERE Email LIKE ? AND Created < ?", [], ["1 VARCHAR", "2 TIMESTAMPTZ"]],
    ["EXEC CancelQuote QuoteId = ?", expect.arrayContaining(["Id VARCHAR", "AmountTotal BIGINT"]), ["1 VARCHAR"]],
    ["EXPLAIN SELECT Id FROM Customer WHERE Email = ?", ["QUERY PLAN VARCHAR"], ["1 VARCHAR"]],
    ["EXPLAIN (FORMAT JSON) DELETE FROM Customer WHERE Id = ?", ["QUERY PLAN JSON"], ["1 VARCHAR"]],
    ["SHOW TABLES", ["Schema VARCHAR", "Table VARCHAR", "Operations VARCHAR", "Description VARCHAR"], []],
    ["BEGIN", [], []],
  ])("tells its columns and the types of its parameters, and sends nothing: %s", async (sql, columns, parameters) => {
    expect(await described(sql)).toEqual({ columns, parameters });
    expect(sent()).toEqual([]);
  });

  it("has no columns where its rows decide which there are", async () => {
    expect(await described("PIVOT Charge ON Currency USING count(*) GROUP BY Status")).toEqual({
      columns: undefined,
      parameters: [],
    });
    expect(sent()).toEqual([]);
  });

  it("has those of the rows that come", async () => {
    const sql = "SELECT *, Amount / 3 AS third, Payout FROM BalanceTransaction WHERE Payout = 'po_x'";
    const { columns } = await running.connection.query(sql);
    expect((await running.connection.describeStatement(sql)).columns).toEqual(columns);
  });

  it("is refused for what it names wrongly, at its place", async () => {
    expect(await errorOf(described("SELECT Id, nope FROM Charge WHERE Amount > ?"))).toMatchObject({
      sqlState: "42703",
      position: 11,
    });
    expect(await errorOf(described("EXEC NoSuchCall Id = ?"))).toMatchObject({ sqlState: "42883" });
    expect(await errorOf(described("SELECT 1; SELECT 2"))).toMatchObject({ sqlState: "42601" });
  });
});

describe("the columns of a stream", () => {
  it.each<[string, readonly (string | number)[], readonly string[]]>([
    ["SELECT Currency, count(*) FROM Charge GROUP BY 1", [], ["Currency VARCHAR", "count BIGINT"]],
    ["SELECT Amount * ? AS x, Id FROM Charge ORDER BY 1", [1.5], ["x DOUBLE", "Id VARCHAR"]],
    ["SELECT Id FROM Customer WHERE Id = ?", ["cus_1"], ["Id VARCHAR"]],
    ["UPDATE Customer SET Name = ? WHERE Email LIKE '%' RETURNING Id", ["x"], ["Id VARCHAR"]],
    ["DELETE FROM Customer WHERE Email LIKE '%'", [], []],
  ])("are known without a request: %s", async (sql, parameters, columns) => {
    expect(await streamedColumns(sql, parameters)).toEqual(columns);
    expect(sent()).toEqual([]);
  });

  it("leave the rows to be read, once", async () => {
    const stream = running.connection.stream("SELECT count(*) AS n, 'a' AS n FROM Customer");
    expect(await stream.columns()).toEqual([
      { name: "n", type: "BIGINT" },
      { name: "n_1", heading: "n", type: "VARCHAR" },
    ]);
    const rows: unknown[] = [];
    for await (const row of stream) rows.push(row);
    expect(rows).toEqual([{ n: 20, n_1: "a" }]);
    expect((await stream.summary()).columns).toEqual(await stream.columns());
  });

  it("are those of the rows where these decide", async () => {
    const columns = await streamedColumns("PIVOT (SELECT Currency FROM Charge) ON Currency USING count(*)");
    expect(columns).toContain("usd BIGINT");
  });
});

// It became $11, a parameter that nobody had given.
it("a number right behind a question mark is none of the parameter's", async () => {
  for (const sql of ["SELECT 1 +?1", "SELECT 2,?1e400, 3"]) {
    expect((await errorOf(running.connection.describeStatement(sql))).sqlState).toBe("42601");
    expect((await errorOf(running.query(sql, [1]))).sqlState).toBe("42601");
  }
});
