import { describe, expect, test } from "vitest";
import { parsePostgres } from "../../../src/execute/postgres/parse-postgres.js";
import { readPostgres } from "../../support/read-postgres.js";

/** The error of a text, or of its one statement. */
async function failure(text: string): Promise<unknown> {
  try {
    const [statement] = await readPostgres(text);
    return statement?.kind === "refused" ? statement.error : statement?.kind;
  } catch (error) {
    return error;
  }
}

test("a text's statements come in their order, none of an empty one", async () => {
  const kinds = async (text: string) =>
    ((await parsePostgres(text)).stmts ?? []).map(({ stmt }) => Object.keys(stmt ?? {})[0]);
  expect(await kinds("SELECT 1; BEGIN;; -- the end\n")).toEqual(["SelectStmt", "TransactionStmt"]);
  expect(await kinds("")).toEqual([]);
  expect(await kinds("/* nothing */ ;")).toEqual([]);
});

describe("a text that PostgreSQL cannot read", () => {
  test.each([
    ["SELECT 'é😀' FROM", "syntax error at end of input", 17],
    ["SELEC 1", 'syntax error at or near "SELEC"', 0],
    ["SELECT 'é😀' FORM t", 'syntax error at or near "t"', 18],
    ["SELECT 'a", 'unterminated quoted string at or near "\'a"', 7],
    ["SELECT 1 FETCH FIRST 1 ROW WITH TIES", "WITH TIES cannot be specified without ORDER BY clause", 27],
  ])("%s", async (text, message, position) => {
    expect(await failure(text)).toMatchObject({ sqlState: "42601", message, position });
  });

  test("with a character that no text has", async () => {
    expect(await failure("SELECT 1\0; DROP TABLE x")).toMatchObject({ sqlState: "22021", position: 8 });
    expect(await failure("SELECT '\ud800'")).toMatchObject({ sqlState: "22021", position: 8 });
  });
});

describe("a hostile text is refused, or read", () => {
  const tooDeep = { sqlState: "54000" };

  test.each<readonly [name: string, text: string]>([
    ["of many parentheses", `SELECT ${"(".repeat(100_000)}1${")".repeat(100_000)}`],
    ["of many parentheses below the bound", `SELECT ${"(".repeat(900)}1${")".repeat(900)}${" + 1".repeat(9000)}`],
    ["of many statements", `SELECT 1${";SELECT 1".repeat(50_000)}`],
    ["of a long chain of operators", `SELECT a${"&a".repeat(50_000)}`],
    ["of many signs", `SELECT ${"- ".repeat(50_000)}1`],
    ["of many NOTs", `SELECT ${"NOT ".repeat(50_000)}a`],
    ["of many casts", `SELECT a${"::int".repeat(40_000)}`],
    ["of many CASEs", `SELECT ${"CASE WHEN ".repeat(9000)}1${" THEN 1 END".repeat(9000)}`],
    ["of many joins", `SELECT 1 FROM t${" JOIN t ON a".repeat(20_000)}`],
    ["of many UNIONs", `SELECT 1${" UNION SELECT 1".repeat(17_000)}`],
    ["of many subqueries", `SELECT ${"(SELECT ".repeat(5000)}1${")".repeat(5000)}`],
    ["of many IS NULLs", `SELECT a${" IS NULL".repeat(30_000)}`],
    ["of many comments in each other", "/*".repeat(100_000)],
    ["of many comments in a row", `SELECT ${"/**/".repeat(60_000)}1`],
    ["of a row of signs", `SELECT ${"+".repeat(200_000)}1`],
    ["that is long", `SELECT '${"x".repeat(10_000_000)}'`],
  ])("%s", async (_, text) => {
    expect(await failure(text)).toMatchObject(tooDeep);
  });

  test.each<readonly [name: string, text: string]>([
    ["of a long list", `SELECT 1 WHERE a IN (1${",1".repeat(100_000)})`],
    ["of many conditions", `SELECT 1 WHERE a${" OR a".repeat(4900)}`],
    ["of a long text", `SELECT '${"x".repeat(250_000)}'`],
    ["of many names in a row", `SELECT a${".a".repeat(100_000)}`],
    ["of many subscripts", `SELECT a${"[1]".repeat(60_000)}`],
    ["of a ruled line of comment", `SELECT 1 /*${"*".repeat(1000)}*/ --${"-".repeat(1000)}`],
  ])("%s is read", async (_, text) => {
    expect(await readPostgres(text)).toMatchObject([{ kind: "query" }]);
  });

  test("and those after it are read as before, however many came", async () => {
    const chain = `SELECT a${" + a".repeat(20_000)}`;
    for (let count = 0; count < 40; count += 1) {
      expect(await failure(chain)).toMatchObject(tooDeep);
      expect(await readPostgres("SELECT 1")).toMatchObject([{ kind: "query" }]);
    }
  });

  test("of several at once none spoils another", async () => {
    const texts = ["SELECT 1", `SELECT a${" + a".repeat(50_000)}`, "SELECT 2", "SELECT", "SELECT 3"];
    const results = await Promise.all(
      texts.map(async (text) =>
        readPostgres(text).then(
          ([one]) => one?.kind,
          (error) => error.sqlState,
        ),
      ),
    );
    expect(results).toEqual(["query", "54000", "query", "query", "query"]);
  });
});
