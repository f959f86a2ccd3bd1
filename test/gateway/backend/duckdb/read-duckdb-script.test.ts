import { describe, expect, it } from "vitest";
import { parsePostgres } from "../../../../src/execute/postgres/parse-postgres.js";
import { readDuckdbScript } from "../../../../src/gateway/backend/duckdb/read-duckdb-script.js";
import { parseScript } from "../../../../src/syntax/parse-script.js";
import { readPostgresTree } from "../../../../src/syntax/postgres/read-postgres-tree.js";
import { sharedCatalog } from "../../../support/planning.js";

const settings = { defaultSchema: "stripe", writesIsoDates: true };

const read = (sql: string) =>
  readDuckdbScript(sql, {
    duckdb: (text) => parseScript(text).map((parsed) => ({ ...parsed, read: unread, bind: unread })),
    postgres: async (text) => readPostgresTree(await parsePostgres(text), text, settings),
    catalog: sharedCatalog(),
  });

/** No tree is needed to tell whose a statement is. */
const unread = () => {
  throw new Error("the statement is not run");
};

/** "duckdb select", "set", "declare(duckdb select)". */
async function kinds(sql: string): Promise<readonly string[]> {
  return (await read(sql)).map((statement) => {
    if (statement.kind === "duckdb") {
      const inner = `duckdb ${statement.statement.kind}`;
      return statement.copy === undefined ? inner : `copy(${inner})`;
    }
    const held = statement.kind === "declare" || statement.kind === "prepare" ? statement.statement : undefined;
    return held?.kind === "duckdb" ? `${statement.kind}(duckdb ${held.statement.kind})` : statement.kind;
  });
}

describe("a text of a session on DuckDB", () => {
  it.each([
    ["", []],
    [";; -- nothing\n; /* ; */", []],
    ["SELECT 1; FROM Customer", ["duckdb select", "duckdb select"]],
    ["SELECT ';' AS `a;b`; SELECT $$;$$", ["duckdb select", "duckdb select"]],
    ["BEGIN; COMMIT; ROLLBACK; END; START TRANSACTION READ ONLY", Array(5).fill("transaction")],
    ["SET a.b = 1; RESET ALL; DISCARD ALL; SHOW TimeZone; SHOW ALL", ["set", "reset", "discard", "show", "show"]],
    ["SHOW TABLES; SHOW ALL TABLES; SHOW PROCEDURES; SHOW WRITES", Array(4).fill("duckdb show")],
    ["SHOW WRITE 'a'; RESUME WRITE 'a'; FORGET ALL", ["duckdb show-write", "duckdb resume", "duckdb forget-rows"]],
    ["DECLARE c CURSOR FOR FROM Customer", ["declare(duckdb select)"]],
    ["DECLARE c BINARY SCROLL CURSOR WITH HOLD FOR (SELECT 1)", ["declare(duckdb select)"]],
    ["PREPARE p (int, text[]) AS FROM Customer WHERE Id = $1", ["prepare(duckdb select)"]],
    ["PREPARE p AS INSERT INTO Customer (Email) VALUES ($1)", ["prepare(duckdb insert)"]],
    ["PREPARE TRANSACTION 'x'", ["transaction"]],
    ["COPY (FROM Customer SELECT ')') TO STDOUT", ["copy(duckdb select)"]],
    ["COPY Customer (Id) TO STDOUT", ["copy(duckdb select)"]],
    ["COPY pg_class TO STDOUT; COPY Customer FROM STDIN", ["copy-to", "copy-from"]],
    ["COPY (SHOW TABLES) TO STDOUT (FORMAT csv)", ["copy(duckdb show)"]],
    ["FETCH 2 FROM c; MOVE c; CLOSE c; DEALLOCATE ALL", ["fetch", "fetch", "close", "deallocate"]],
    ["LISTEN a; NOTIFY a; LOCK customers; VACUUM", ["notification", "notification", "lock", "maintenance"]],
    ["EXECUTE p; EXECUTE p(1, 'a')", ["execute", "execute"]],
  ])("%s", async (sql, expected) => {
    expect(await kinds(sql)).toEqual(expected);
  });

  it.each([
    ["EXEC PayInvoice InvoiceId = 'a'", "duckdb execute"],
    ["CALL PayInvoice(InvoiceId => 'a')", "duckdb execute"],
    ["EXECUTE PayInvoice InvoiceId = 'a'", "duckdb execute"],
    ["EXECUTE PayInvoice(InvoiceId = 'a')", "duckdb execute"],
    ["EXECUTE PayInvoice(@InvoiceId := 'a')", "duckdb execute"],
    ["EXECUTE PayInvoice", "duckdb execute"],
    ["EXECUTE PayInvoice('a')", "execute"],
    ["EXECUTE paid", "execute"],
  ])("tells a procedure from a prepared statement: %s", async (sql, expected) => {
    expect(await kinds(sql)).toEqual([expected]);
  });

  it.each([
    ["SELECT relname FROM pg_catalog.pg_class", "query"],
    ["SELECT 1 FROM pg_class c JOIN information_schema.tables t ON t.table_name = c.relname", "query"],
    ["SELECT version()", "query"],
    ["SELECT current_user", "query"],
    ["SELECT pg_catalog.version(), pg_backend_pid()", "query"],
    ["SELECT * FROM pg_show_all_settings()", "query"],
    ["WITH c AS (SELECT oid FROM pg_class) SELECT count(*) FROM c", "query"],
    ["SELECT table_name FROM information_schema.tables", "duckdb select"],
    ["SELECT version() FROM Customer", "duckdb select"],
    ["SELECT 'version()'", "duckdb select"],
    ["SELECT pg_class FROM Customer", "duckdb select"],
    ["SELECT Id FROM Customer WHERE Id IN (SELECT relname FROM pg_class)", "duckdb select"],
    ["SELECT [version()]", "duckdb select"],
  ])("tells what is asked of the server: %s", async (sql, expected) => {
    expect(await kinds(sql)).toEqual([expected]);
  });

  it.each([
    ["SELECT 1; SELECT 'a", 17],
    ["SELECT 1; DECLARE c CURSOR FOR", 30],
    ["SELECT 1; DECLARE c CURSOR FOR SET a.b = 1", 31],
    ["SELECT 1; PREPARE p AS COMMIT", 23],
    ["SELECT 1; COPY (SELECT 1 TO STDOUT", 25],
    ["SELECT 1; BEGIN nothing", 16],
    ["SELECT 1; SELEC", 10],
    ["SET a.b = 1 `", 12],
  ])("refuses what is none, with its place: %s", async (sql, position) => {
    await expect(read(sql)).rejects.toMatchObject({ sqlState: "42601", position });
  });

  it("is bounded", async () => {
    await expect(read("SELECT 1;".repeat(1001))).rejects.toMatchObject({ sqlState: "54000" });
    await expect(read(`SELECT ${"(".repeat(1001)}`)).rejects.toMatchObject({ sqlState: "54000" });
    await expect(read("/*".repeat(5000))).rejects.toMatchObject({ sqlState: "54000" });
  });
});
