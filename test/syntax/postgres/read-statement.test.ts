import { describe, expect, test } from "vitest";
import type { PostgresStatement } from "../../../src/syntax/postgres/postgres-statement.js";
import { postgresStatement, readPostgres } from "../../support/read-postgres.js";
import { sketch, sketchQuery } from "../sketch.js";

/** The statement without its text and place. */
async function factsOf(text: string): Promise<Omit<PostgresStatement, "text" | "offset">> {
  const [statement, ...others] = await readPostgres(text);
  if (statement === undefined || others.length > 0) throw new Error(`not one statement: ${text}`);
  const { text: _, offset: __, ...facts } = statement;
  return facts;
}

describe("a script", () => {
  test("is its statements, each with its own text and place", async () => {
    const script = " /* é */ SELECT 'é;😀' ;\n;SET x = 1; -- c\n  TABLE t -- end\n";
    const statements = await readPostgres(script);
    expect(statements.map(({ kind, text }) => [kind, text])).toEqual([
      ["query", "SELECT 'é;😀'"],
      ["set", "SET x = 1"],
      ["query", "TABLE t -- end"],
    ]);
    for (const { text, offset } of statements) expect(script.startsWith(text, offset)).toBe(true);
  });

  test("with a statement that is refused has those before it, and behind it", async () => {
    const statements = await readPostgres("SELECT 1; MERGE INTO t USING u ON TRUE WHEN MATCHED THEN DELETE; SELECT 2");
    expect(statements.map(({ kind }) => kind)).toEqual(["query", "refused", "query"]);
  });
});

describe("a query", () => {
  test("tells the relations, functions and parameters that it mentions, wherever they stand", async () => {
    const { relations, functions, parameters, locks } = await postgresStatement(
      `WITH big AS (SELECT * FROM charges WHERE amount > $2)
       SELECT f(c.id), (SELECT max(x) FROM v2.accounts), $1 FROM big, stripe.customers c, pg_catalog.pg_class, s.g(1, b => $1) g
       WHERE EXISTS (SELECT 1 FROM refunds WHERE charge IN (TABLE big))`,
      "query",
    );
    expect(relations.map(({ schema, name }) => [schema, name])).toEqual([
      [undefined, "charges"],
      ["v2", "accounts"],
      [undefined, "customers"],
      ["pg_catalog", "pg_class"],
      [undefined, "refunds"],
    ]);
    expect(functions.map(({ schema, name, place }) => [schema, name, place])).toEqual([
      [undefined, "f", "value"],
      [undefined, "max", "value"],
      ["s", "g", "from"],
    ]);
    expect(functions[2]?.arguments.map(({ name, value }) => [name, sketch(value)])).toEqual([
      [undefined, "1"],
      ["b", "$0"],
    ]);
    expect(parameters).toEqual([1, 2]);
    expect(locks).toBe(false);
  });

  test("may lock its rows", async () => {
    expect((await postgresStatement("SELECT 1 FROM t FOR UPDATE OF t SKIP LOCKED", "query")).locks).toBe(true);
    expect((await postgresStatement("SELECT 1 FROM (SELECT 1 FROM t FOR SHARE) q", "query")).locks).toBe(true);
  });

  test("names a common table by its name, and the table behind it by its schema", async () => {
    const { relations } = await postgresStatement(
      "WITH customers AS (SELECT * FROM customers) SELECT * FROM customers, stripe.customers",
      "query",
    );
    expect(relations.map(({ schema, name }) => [schema, name])).toEqual([
      [undefined, "customers"],
      ["stripe", "customers"],
    ]);
  });
});

describe("a query of many relations", () => {
  const joined = (count: number) => `SELECT 1 FROM t${" JOIN t ON TRUE".repeat(count)}`;
  const many = (count: number, part: string) => Array.from({ length: count }, () => part).join("");

  test.each<readonly [name: string, text: string, kind: PostgresStatement["kind"]]>([
    ["64 joins", joined(64), "query"],
    ["65 joins", joined(65), "refused"],
    ["66 tables", `SELECT 1 FROM t${many(65, ", t")}`, "refused"],
    ["65 subqueries", `SELECT 1${many(65, ", (SELECT 1)")}`, "refused"],
    ["64 joins on each side of a UNION", `${joined(64)} UNION ALL ${joined(64)}`, "query"],
    ["1,000 sides of a UNION", `SELECT 1${many(1000, " UNION ALL SELECT 1 FROM t")}`, "query"],
    ["500 common tables", `WITH a AS (SELECT 1)${many(499, ", a AS (SELECT 1)")} SELECT 1`, "query"],
    ["501 common tables", `WITH a AS (SELECT 1)${many(500, ", a AS (SELECT 1)")} SELECT 1`, "refused"],
    ["65 joins in a write", `DELETE FROM t WHERE a IN (${joined(65)})`, "refused"],
  ])("%s", async (_, text, kind) => {
    const [statement] = await readPostgres(text);
    expect(statement?.kind).toBe(kind);
    if (statement?.kind === "refused") expect(statement.error).toMatchObject({ sqlState: "54000" });
  });
});

describe("a write", () => {
  test("INSERT of rows", async () => {
    const statement = await postgresStatement(
      "INSERT INTO stripe.customers AS c (name, email, metadata['a']) VALUES ('x', DEFAULT, $1), (lower('Y'), NULL, 2) ON CONFLICT (id) DO NOTHING RETURNING id, c.*",
      "insert",
    );
    expect(statement).toMatchObject({
      table: { schema: undefined, name: "customers" },
      alias: "c",
      onConflict: "nothing",
      parameters: [1],
    });
    expect(statement.columns.map(({ name, isPart }) => [name, isPart])).toEqual([
      ["name", false],
      ["email", false],
      ["metadata", true],
    ]);
    const rows = statement.source.kind === "values" ? statement.source.rows : [];
    expect(rows.map((row) => row.map((value) => value && sketch(value)))).toEqual([
      ['"x"', undefined, "$0"],
      ['lower("Y")', "null", "2"],
    ]);
    expect(statement.returning?.map(({ expression }) => sketch(expression))).toEqual(["id", "c.*"]);
  });

  test("INSERT of a query, with its common tables, and of defaults", async () => {
    const statement = await postgresStatement(
      "WITH a AS (SELECT 1) INSERT INTO customers (name) SELECT name FROM a JOIN charges ON TRUE ON CONFLICT (id) DO UPDATE SET name = excluded.name",
      "insert",
    );
    expect(statement.onConflict).toBe("update");
    expect(statement.ctes.map(({ name }) => name)).toEqual(["a"]);
    expect(statement.relations.map(({ name }) => name)).toEqual(["customers", "charges"]);
    expect(statement.source.kind === "query" && sketchQuery(statement.source.query)).toBe(
      "name first a inner charges on true",
    );
    expect(statement.returning).toBeUndefined();
    expect((await postgresStatement("INSERT INTO customers DEFAULT VALUES", "insert")).source).toEqual({
      kind: "default-values",
    });
    expect((await postgresStatement("INSERT INTO customers (name) VALUES (1) LIMIT 1", "insert")).source.kind).toBe(
      "query",
    );
  });

  test("UPDATE", async () => {
    const statement = await postgresStatement(
      "UPDATE ONLY customers AS c SET name = upper(c.name), (email, phone) = ('a', DEFAULT), address.city = 'x' WHERE c.id IN (SELECT customer FROM charges) RETURNING id",
      "update",
    );
    expect(
      statement.assignments.map(({ column, value }) => [column.name, value && sketch(value), column.isPart]),
    ).toEqual([
      ["name", "upper(c.name)", false],
      ["email", '"a"', false],
      ["phone", undefined, false],
      ["address", '"x"', true],
    ]);
    expect(statement.where && sketch(statement.where)).toBe("in(c.id; customer first charges)");
    expect(statement.relations.map(({ name }) => name)).toEqual(["customers", "charges"]);
  });

  test("UPDATE … FROM and DELETE … USING", async () => {
    const update = await postgresStatement(
      "UPDATE t SET a = 1 FROM u JOIN v ON u.i = v.i, w WHERE t.i = u.i",
      "update",
    );
    expect(update.source).toMatchObject({ kind: "join", join: "cross", left: { kind: "join", join: "inner" } });
    expect(update.relations.map(({ name }) => name)).toEqual(["t", "u", "v", "w"]);
    const remove = await postgresStatement("WITH x AS (SELECT 1 AS i) DELETE FROM t USING x WHERE t.i = x.i", "delete");
    expect(remove.source).toMatchObject({ kind: "table", name: "x" });
    expect(remove.relations.map(({ name }) => name)).toEqual(["t"]);
    expect(remove.ctes).toMatchObject([{ name: "x" }]);
  });

  test("DELETE", async () => {
    const statement = await postgresStatement("DELETE FROM customers WHERE id = $1 RETURNING *", "delete");
    expect(statement.where && sketch(statement.where)).toBe("(id = $0)");
    expect(statement.parameters).toEqual([1]);
    expect((await postgresStatement("DELETE FROM customers", "delete")).where).toBeUndefined();
  });

  test.each([
    ["MERGE INTO t USING u ON TRUE WHEN MATCHED THEN DELETE", "MERGE is not supported"],
    ["UPDATE t SET (a, b) = (SELECT 1, 2)", "SET (…) = (SELECT …) is not supported"],
    ["UPDATE t SET a = 1 WHERE CURRENT OF c", "WHERE CURRENT OF is not supported"],
    ["UPDATE t SET a = 1 RETURNING WITH (OLD AS o) o.a", "RETURNING WITH (…) is not supported"],
    ["WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d", "WITH over a statement that writes is not supported"],
    [
      "WITH d AS (DELETE FROM t RETURNING *) INSERT INTO u SELECT * FROM d",
      "WITH over a statement that writes is not supported",
    ],
    [
      "SELECT * FROM (WITH d AS (UPDATE t SET a = 1 RETURNING *) SELECT * FROM d) q",
      "WITH over a statement that writes is not supported",
    ],
    ["COPY t FROM STDIN WHERE a > 1", "COPY … FROM … WHERE is not supported"],
  ])("%s is refused", async (text, message) => {
    const { error } = await postgresStatement(text, "refused");
    expect(error).toMatchObject({ sqlState: "0A000", message });
  });
});

test("a procedure is called by place and by name", async () => {
  const statement = await postgresStatement("CALL stripe.accept_quote('qt_1', expand => $1)", "call");
  expect(statement).toMatchObject({
    schema: "stripe",
    procedure: "accept_quote",
    position: 5,
    parameters: [1],
    functions: [],
  });
  expect(statement.arguments.map(({ name, value }) => [name, sketch(value)])).toEqual([
    [undefined, '"qt_1"'],
    ["expand", "$0"],
  ]);
});

describe("a session's own command", () => {
  const noModes = { isolation: undefined, readOnly: undefined, deferrable: undefined };
  const set = (name: string, values: readonly string[] | undefined, changes = {}) => ({
    kind: "set",
    name,
    values,
    isLocal: false,
    modes: noModes,
    ...changes,
  });
  const transaction = (action: string, changes = {}) => ({
    kind: "transaction",
    action,
    name: undefined,
    chain: false,
    modes: noModes,
    ...changes,
  });

  test.each<readonly [text: string, facts: object]>([
    ['SET search_path TO a, "B"', set("search_path", ["a", "B"])],
    ["SET LOCAL stripe.engine = duckdb", set("stripe.engine", ["duckdb"], { isLocal: true })],
    ["SET SESSION x = -1.5", set("x", ["-1.5"])],
    ["SET x = on", set("x", ["on"])],
    ["SET x TO DEFAULT", set("x", undefined)],
    ["SET TIME ZONE 'Europe/Berlin'", set("timezone", ["Europe/Berlin"])],
    ["SET TIME ZONE LOCAL", set("timezone", undefined)],
    ["SET TIME ZONE -3", set("timezone", ["-3"])],
    ["SET TIME ZONE INTERVAL '-08:00' HOUR TO MINUTE", set("timezone", ["INTERVAL '-08:00'"])],
    ["SET NAMES 'UTF8'", set("client_encoding", ["UTF8"])],
    ["SET ROLE NONE", set("role", ["none"])],
    ["SET SESSION AUTHORIZATION DEFAULT", set("session_authorization", undefined)],
    [
      "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY",
      set("TRANSACTION", [], { modes: { isolation: "serializable", readOnly: true, deferrable: undefined } }),
    ],
    [
      "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
      set("SESSION CHARACTERISTICS", [], { modes: { ...noModes, readOnly: false } }),
    ],
    ["SET TRANSACTION SNAPSHOT 'x'", set("TRANSACTION SNAPSHOT", ["x"])],
    ["RESET x", { kind: "reset", name: "x" }],
    ["RESET ALL", { kind: "reset", name: undefined }],
    ["SHOW search_path", { kind: "show", name: "search_path" }],
    ["SHOW ALL", { kind: "show", name: "all" }],
    ["DISCARD ALL", { kind: "discard", target: "all" }],
    ["DISCARD TEMP", { kind: "discard", target: "temp" }],
    ["BEGIN", transaction("begin")],
    [
      "START TRANSACTION READ ONLY, NOT DEFERRABLE",
      transaction("begin", { modes: { ...noModes, readOnly: true, deferrable: false } }),
    ],
    ["COMMIT AND CHAIN", transaction("commit", { chain: true })],
    ["END", transaction("commit")],
    ["ROLLBACK", transaction("rollback")],
    ["ABORT", transaction("rollback")],
    ["SAVEPOINT a", transaction("savepoint", { name: "a" })],
    ["RELEASE SAVEPOINT a", transaction("release", { name: "a" })],
    ["ROLLBACK TO a", transaction("rollback-to", { name: "a" })],
    ["PREPARE TRANSACTION 'x'", transaction("prepare", { name: "x" })],
    ["FETCH c", { kind: "fetch", cursor: "c", direction: "forward", count: 1, isMove: false }],
    ["FETCH FORWARD ALL FROM c", { kind: "fetch", cursor: "c", direction: "forward", count: "all", isMove: false }],
    ["FETCH PRIOR c", { kind: "fetch", cursor: "c", direction: "backward", count: 1, isMove: false }],
    ["FETCH LAST c", { kind: "fetch", cursor: "c", direction: "absolute", count: -1, isMove: false }],
    ["FETCH RELATIVE 0 c", { kind: "fetch", cursor: "c", direction: "relative", count: 0, isMove: false }],
    ["MOVE 10 IN c", { kind: "fetch", cursor: "c", direction: "forward", count: 10, isMove: true }],
    ["CLOSE c", { kind: "close", cursor: "c" }],
    ["CLOSE ALL", { kind: "close", cursor: undefined }],
    ["DEALLOCATE PREPARE p", { kind: "deallocate", name: "p" }],
    ["DEALLOCATE ALL", { kind: "deallocate", name: undefined }],
    ["LISTEN a", { kind: "notification", action: "listen", channel: "a", payload: undefined }],
    ["UNLISTEN *", { kind: "notification", action: "unlisten", channel: undefined, payload: undefined }],
    ["NOTIFY a, 'b'", { kind: "notification", action: "notify", channel: "a", payload: "b" }],
    [
      "LOCK TABLE stripe.customers, v2.x IN SHARE MODE",
      {
        kind: "lock",
        relations: [
          { schema: undefined, name: "customers", position: 11 },
          { schema: "v2", name: "x", position: 29 },
        ],
      },
    ],
    [
      "ANALYZE customers (id)",
      { kind: "maintenance", action: "analyze", relations: [{ schema: undefined, name: "customers", position: 8 }] },
    ],
    ["VACUUM", { kind: "maintenance", action: "vacuum", relations: [] }],
    ["CREATE TEMP TABLE x AS SELECT 1", { kind: "other", node: "CreateTableAsStmt" }],
    ["SELECT 1 INTO x", { kind: "other", node: "SelectIntoStmt" }],
    ["SELECT 1 INTO x UNION SELECT 2", { kind: "other", node: "SelectIntoStmt" }],
    ["DROP TABLE customers", { kind: "other", node: "DropStmt" }],
    ["DO 'BEGIN END'", { kind: "other", node: "DoStmt" }],
    ["CHECKPOINT", { kind: "other", node: "CheckPointStmt" }],
  ])("%s", async (text, facts) => {
    expect(await factsOf(text)).toEqual(facts);
  });
});

describe("a statement that holds another", () => {
  /** The inner statement's kind and text, which stands at its offset. */
  const inner = async (script: string): Promise<readonly [kind: string, text: string]> => {
    const statement = (await readPostgres(script)).at(-1);
    const held =
      statement?.kind === "copy-to" && statement.source.kind === "statement"
        ? statement.source.statement
        : statement !== undefined && "statement" in statement
          ? statement.statement
          : undefined;
    if (held === undefined) throw new Error(`holds none: ${script}`);
    expect(script.slice(held.offset, held.offset + held.text.length)).toBe(held.text);
    return [held.kind, held.text];
  };

  test.each([
    ["SELECT 'é😀'; DECLARE \"for\" CURSOR /* FOR */ WITH HOLD FOR -- x\n SELECT 'FOR' ", "query", "SELECT 'FOR'"],
    ["DECLARE c CURSOR FOR VALUES (1)", "query", "VALUES (1)"],
    ["COPY (SELECT (1), ')') TO STDOUT", "query", "SELECT (1), ')'"],
    ["COPY (INSERT INTO t VALUES (1) RETURNING id) TO STDOUT", "insert", "INSERT INTO t VALUES (1) RETURNING id"],
    ['PREPARE "as" (numeric(10, 2)) AS SELECT $1 AS x', "query", "SELECT $1 AS x"],
    ["PREPARE p AS DELETE FROM t WHERE id = $1", "delete", "DELETE FROM t WHERE id = $1"],
    ["EXPLAIN SELECT 1", "query", "SELECT 1"],
    ["EXPLAIN ANALYZE VERBOSE SELECT 1", "query", "SELECT 1"],
    ["EXPLAIN (ANALYZE, FORMAT json) UPDATE t SET a = 1", "update", "UPDATE t SET a = 1"],
    ["EXPLAIN (SELECT 1)", "query", "(SELECT 1)"],
    ["EXPLAIN ((VALUES (1)))", "query", "((VALUES (1)))"],
    ["EXPLAIN EXECUTE p (1)", "execute", "EXECUTE p (1)"],
    ["EXPLAIN DECLARE c CURSOR FOR SELECT 1", "declare", "DECLARE c CURSOR FOR SELECT 1"],
    ["EXPLAIN CREATE TABLE x AS SELECT 1", "other", "CREATE TABLE x AS SELECT 1"],
  ])("%s", async (script, kind, text) => {
    expect(await inner(script)).toEqual([kind, text]);
  });

  test("a cursor tells how it moves, and what it outlives", async () => {
    const of = async (words: string) => postgresStatement(`DECLARE c ${words} FOR SELECT 1`, "declare");
    expect(await of("CURSOR")).toMatchObject({ cursor: "c", isBinary: false, isScrollable: undefined, isHeld: false });
    expect(await of("BINARY NO SCROLL CURSOR WITH HOLD")).toMatchObject({
      isBinary: true,
      isScrollable: false,
      isHeld: true,
    });
    expect(await of("SCROLL CURSOR WITHOUT HOLD")).toMatchObject({ isScrollable: true, isHeld: false });
  });

  test("PREPARE tells the parameters' types, EXECUTE their values", async () => {
    expect(await postgresStatement("PREPARE p (int, text[], s.t) AS SELECT 1", "prepare")).toMatchObject({
      name: "p",
      types: ['"pg_catalog"."int4"', '"text"[]', '"s"."t"'],
    });
    const { arguments: values } = await postgresStatement("EXECUTE p (1, 'a'::date)", "execute");
    expect(values.map(sketch)).toEqual(["1", '"a"::DATE']);
  });

  test("EXPLAIN and COPY tell their options", async () => {
    const explain = await postgresStatement("EXPLAIN (ANALYZE false, FORMAT json) SELECT 1", "explain");
    expect(explain.options).toEqual([
      { name: "analyze", values: ["false"] },
      { name: "format", values: ["json"] },
    ]);
    const copy = await postgresStatement(
      "COPY customers (id, email) TO STDOUT WITH (FORMAT csv, HEADER, FORCE_QUOTE (id, email))",
      "copy-to",
    );
    expect(copy).toMatchObject({
      source: { kind: "table", table: { name: "customers" }, columns: ["id", "email"] },
      destination: { kind: "client" },
      options: [
        { name: "format", values: ["csv"] },
        { name: "header", values: [] },
        { name: "force_quote", values: ["id", "email"] },
      ],
    });
  });

  test("COPY tells where its rows come from and go to", async () => {
    expect(await postgresStatement("COPY t FROM STDIN", "copy-from")).toMatchObject({
      origin: { kind: "client" },
      columns: [],
    });
    expect(await postgresStatement("COPY t FROM '/etc/passwd'", "copy-from")).toMatchObject({
      origin: { kind: "file", path: "/etc/passwd" },
    });
    expect(await postgresStatement("COPY t TO PROGRAM 'sh'", "copy-to")).toMatchObject({
      destination: { kind: "program", command: "sh" },
    });
  });
});
