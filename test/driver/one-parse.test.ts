import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DuckdbEngine } from "../../src/execute/duckdb/duckdb-engine.js";
import { Parser } from "../../src/syntax/generated/select-parser.js";
import { connectSandbox } from "../support/sandbox-connection.js";

const sandbox = connectSandbox({ customers: 20 });

/** Texts that a parser was given, node-sql-parser's or DuckDB's. */
let parsed: string[] = [];
const { astify } = Parser.prototype;
const { serialize } = DuckdbEngine.prototype;

beforeAll(() => {
  Parser.prototype.astify = function counted(this: Parser, sql, options) {
    parsed.push(sql);
    return astify.call(this, sql, options);
  };
  DuckdbEngine.prototype.serialize = function counted(this: DuckdbEngine, sql) {
    parsed.push(sql);
    return serialize.call(this, sql);
  };
});

afterAll(() => {
  Parser.prototype.astify = astify;
  DuckdbEngine.prototype.serialize = serialize;
});

async function parsesOf(run: () => Promise<unknown>): Promise<number> {
  parsed = [];
  await run();
  return parsed.length;
}

describe("a statement's text is parsed once", () => {
  it.each([
    "SELECT Id, Email FROM Customer WHERE Email = 'a' LIMIT 3",
    "SELECT lower(Email) FROM Customer WHERE Created > now() - INTERVAL '7 days' OR Balance < 0",
    "SELECT Currency, count(*) FROM Charge GROUP BY ALL HAVING count(*) > 1 ORDER BY 2",
    "WITH c AS (SELECT * FROM Customer) SELECT * FROM c JOIN Charge h ON h.Customer = c.Id LIMIT 1",
    "EXPLAIN SELECT sum(Amount) FROM Charge",
    "INSERT INTO Customer (Email, Name) VALUES ('a@b.c', upper('x') || 'y'), (lower('D@e.f'), 'z') RETURNING Id, Email",
    "INSERT INTO Customer (Email, Description) SELECT Email, lower(Name) FROM Customer LIMIT 1 RETURNING *",
    "UPDATE Customer c SET Name = upper(c.Name), Description = 'd' WHERE c.Email LIKE '%a%' AND Balance >= 0 RETURNING Id, lower(Name) AS Low",
    "DELETE FROM Customer WHERE lower(Email) = 'nobody@x.y' RETURNING Id",
    "EXEC CreateCustomerSession Customer = concat('cus_', 'none')",
  ])("%s", async (sql) => {
    expect(await parsesOf(() => sandbox.query(sql).catch(() => undefined))).toBe(1);
  });

  it("and one of constants alone not at all", async () => {
    const sql = "INSERT INTO Customer (Email, Balance) VALUES ('a@b.c', -5), ('d@e.f', 7)";
    expect(await parsesOf(() => sandbox.query(sql))).toBe(0);
  });

  it("however often a prepared one runs", async () => {
    const runs = async () => {
      const statement = sandbox.connection.prepare("SELECT upper(Name) FROM Customer WHERE Balance + 1 > ?");
      for (const bound of [0, 5, 10]) await statement.query([bound]);
    };
    expect(await parsesOf(runs)).toBe(1);
  });
});
