import { describe, expect, test } from "vitest";
import { parseScript } from "../../src/syntax/parse-script.js";
import type { SqlText } from "../../src/syntax/sql-text.js";
import type { SelectStatement, Statement } from "../../src/syntax/statement.js";
import { readScript } from "../support/read-statement.js";

function only<Kind extends Statement["kind"]>(text: string, kind: Kind): Extract<Statement, { kind: Kind }> {
  const [statement, ...rest] = readScript(text);
  if (statement === undefined || rest.length > 0 || !isKind(statement, kind)) throw new Error(`no single ${kind}`);
  return statement;
}

function isKind<Kind extends Statement["kind"]>(
  statement: Statement,
  kind: Kind,
): statement is Extract<Statement, { kind: Kind }> {
  return statement.kind === kind;
}

const select = (text: string): SelectStatement => only(text, "select");

describe("a script", () => {
  test.each(["", "  \n", ";", ";;", "-- nothing", "/* /* nothing */ */ ;"])(
    "of nothing has no statement: %j",
    (text) => {
      expect(parseScript(text)).toEqual([]);
    },
  );

  test("gives each statement its own text, its place and its own parameters", () => {
    const script = "-- first\nSELECT ? ; ; BEGIN;\n UPDATE t SET a = ?, b = ? -- last";
    expect(
      parseScript(script).map(({ kind, text, offset, parameters }) => ({ kind, text, offset, parameters })),
    ).toEqual([
      { kind: "select", text: "SELECT ?", offset: 9, parameters: ["1"] },
      { kind: "begin", text: "BEGIN", offset: 22, parameters: [] },
      { kind: "update", text: "UPDATE t SET a = ?, b = ?", offset: 30, parameters: ["1", "2"] },
    ]);
  });

  test.each([
    ["SELECT 'a;b', \"c;d\", `e;f`, [g h], $$i;j$$ -- k;l\n /* m;n */", 1],
    ["SELECT 'a''; SELECT 1; --'", 1],
    ["SELECT 'a\\'; SELECT 1", 2],
    ["SELECT E'a\\'; SELECT 1'", 1],
    ["SELECT $a$ $b$ ; $b$ $a$; SELECT 2", 2],
  ])("is split only at semicolons outside of strings, names and comments: %s", (text, count) => {
    expect(parseScript(text)).toHaveLength(count);
  });
});

describe("a query's text for DuckDB", () => {
  test.each([
    ['SELECT [Id], `Em``ail`, "Name" FROM [My Table] t', 'SELECT "Id", "Em`ail", "Name" FROM "My Table" t'],
    ["SELECT c.[Id] FROM [v2].[Account] AS [c]", 'SELECT c."Id" FROM "v2"."Account" AS "c"'],
    ["SELECT x[1], x[i], [1,2], ['a'], ARRAY[a], [NULL]", "SELECT x[1], x[i], [1,2], ['a'], ARRAY[a], [NULL]"],
    ["SELECT ?, ?", "SELECT $1, $2"],
    ["SELECT @b, :a, @B", "SELECT $1, $2, $1"],
    ["SELECT $3, $1::int, $3", "SELECT $1, $2::int, $1"],
    ["SELECT x::int, {'a':b}, x[1:n]", "SELECT x::int, {'a':b}, x[1:n]"],
    ["SELECT * FROM information_schema.tables", "SELECT * FROM stripe_information_schema.tables"],
    ['SELECT * FROM "INFORMATION_SCHEMA".tables', "SELECT * FROM stripe_information_schema.tables"],
    ["SELECT a -- why\n, b /* and */ c", "SELECT a\n, b c"],
    ["SELECT m->'a'->>'b' = 'c' OR NOT m ->> 'd'", "SELECT ((m->'a')->>'b') = 'c' OR NOT (m ->> 'd')"],
    ["SELECT f(x).y[1]->'a', t.m->0, (m)->'a'", "SELECT (f(x).y[1]->'a'), (t.m->0), ((m)->'a')"],
    ["SELECT m::json->>'a', j->>'a'::text", "SELECT (m::json->>'a'), j->>'a'::text"],
    ["SELECT list_transform(l, x -> x + 1)", "SELECT list_transform(l, x -> x + 1)"],
  ])("of %s", (text, sql) => {
    expect(select(text).sql.sql).toBe(sql);
  });

  test("names its parameters in order, each once", () => {
    expect(select("SELECT @from, @to, @from").parameters).toEqual(["from", "to"]);
    expect(select("SELECT $3, $1, $3").parameters).toEqual(["3", "1"]);
  });

  test.each([
    "SELECT 1",
    "with a as (select 1) from a",
    "VALUES (1)",
    "FROM t",
    "(SELECT 1)",
    "TABLE t",
    "SUMMARIZE t",
  ])("is any query's: %s", (text) => {
    expect(select(text).sql.sql).toBe(text);
  });
});

describe("INSERT", () => {
  test("holds its table, columns, rows and RETURNING, with positions in the script", () => {
    const statement = only(
      "INSERT INTO v2.[Account] (Email, [Name]) VALUES ('a''b', @n) RETURNING Id, Email e",
      "insert",
    );
    expect(statement).toMatchObject({
      table: { schema: "v2", name: "Account", position: 12 },
      columns: [
        { name: "Email", position: 26 },
        { name: "Name", position: 33 },
      ],
      source: {
        kind: "values",
        rows: [
          [
            {
              sql: { sql: "'a''b'" },
              expression: { kind: "literal", value: { type: "string", value: "a'b" } },
              position: 49,
            },
            { sql: { sql: "$1" }, expression: { kind: "parameter", index: 0 }, position: 57 },
          ],
        ],
      },
      returning: {
        sql: { sql: "Id, Email e" },
        items: [{ expression: { kind: "column", name: "Id" }, alias: undefined }, { alias: "e" }],
      },
      parameters: ["n"],
    });
  });

  test("takes a query as its rows, up to RETURNING", () => {
    const { source, returning } = only(
      "INSERT INTO t (a) SELECT Email FROM Customer WHERE x = ? RETURNING *",
      "insert",
    );
    expect(source).toMatchObject({
      kind: "query",
      select: {
        text: "SELECT Email FROM Customer WHERE x = ?",
        offset: 18,
        sql: { sql: "SELECT Email FROM Customer WHERE x = $1" },
      },
    });
    expect(returning?.items).toEqual([
      { expression: { kind: "star", table: undefined }, alias: undefined, heading: undefined, isSpread: true },
    ]);
  });

  test.each(["INSERT INTO t DEFAULT VALUES", "INSERT INTO t (SELECT 1)", "INSERT INTO t VALUES (1), (2)"])(
    "reads %s",
    (text) => {
      expect(only(text, "insert").columns).toEqual([]);
    },
  );
});

describe("UPDATE and DELETE", () => {
  test("hold assignments, WHERE and the alias, and number parameters in the text's order", () => {
    const statement = only(
      "UPDATE Customer AS c SET Name = ?, [Order] = f(a, b) WHERE c.Id = ? RETURNING Id",
      "update",
    );
    expect(statement).toMatchObject({
      alias: "c",
      assignments: [
        {
          column: { name: "Name", position: 25 },
          value: { sql: { sql: "$1" }, expression: { kind: "parameter", index: 0 } },
        },
        { column: { name: "Order" }, value: { sql: { sql: "f(a, b)" }, expression: { kind: "call", name: "f" } } },
      ],
      where: { sql: { sql: "c.Id = $2" }, expression: { kind: "comparison", left: { table: "c", name: "Id" } } },
    });
  });

  test("keep IS DISTINCT FROM and words behind a dot inside an expression", () => {
    expect(only("DELETE FROM t WHERE a IS DISTINCT FROM b AND t.Order = 1", "delete").where?.sql.sql).toBe(
      "a IS DISTINCT FROM b AND t.Order = 1",
    );
  });

  test("have no WHERE where none is written", () => {
    expect(only("DELETE FROM Customer", "delete")).toMatchObject({ alias: undefined, where: undefined });
  });

  test("show where a double-quoted name stands that may have been meant as a value", () => {
    expect(only('DELETE FROM t WHERE Email = "a@b.c"', "delete").where?.expression).toMatchObject({
      right: { kind: "column", name: "a@b.c", quoted: true, position: 28 },
    });
  });

  test("keep the columns of a condition that no rule reads", () => {
    expect(only("DELETE FROM t WHERE a GLOB 'x*' IS DISTINCT FROM t.b", "delete").where?.expression).toMatchObject({
      kind: "other",
      operands: [
        { kind: "other", operands: [{ name: "a" }, { kind: "literal" }] },
        { table: "t", name: "b" },
      ],
    });
  });
});

describe("a statement's one text to be read", () => {
  const unparsed = (text: string): SqlText | undefined => parseScript(text)[0]?.unparsed;

  test.each([
    ["SELECT a + 1", "SELECT a + 1"],
    ["EXPLAIN SELECT a + 1", "SELECT a + 1"],
    [
      "UPDATE v2.t AS x SET a = 1, b = lower(b), c = ? || d WHERE e OR f RETURNING g, h AS i",
      'SELECT NULL , ( lower(b) ) , ( $1 || d ) , g, h AS i FROM "t" AS "x" WHERE e OR f',
    ],
    ["DELETE FROM t WHERE lower(a) = 'b'", `SELECT NULL FROM "t" WHERE lower(a) = 'b'`],
    ["INSERT INTO t VALUES (1, a), (f(b), NULL) RETURNING *", 'SELECT NULL , ( a ) , ( f(b) ) , * FROM "t"'],
    ["INSERT INTO t SELECT lower(a) FROM u", "SELECT lower(a) FROM u"],
    ["INSERT INTO t FROM u RETURNING x", 'WITH "source" AS ( FROM u ) SELECT NULL , x FROM "t"'],
    ["EXEC P A = 'x', B = 1 + 1", 'SELECT NULL , ( 1 + 1 ) FROM "P"'],
    ["FROM (PIVOT t ON c USING sum(x))", "FROM (PIVOT t ON c IN ( NULL ) USING sum(x))"],
  ])("of %s", (text, sql) => {
    expect(unparsed(text)?.sql).toBe(sql);
  });

  test.each([
    "SELECT a FROM t WHERE b = 1",
    "INSERT INTO t VALUES ('a', -1, NULL), (TRUE, ?, 1.5)",
    "INSERT INTO t SELECT a FROM u",
    "INSERT INTO t VALUES (1) RETURNING Id, *",
    "UPDATE t SET a = 'b' WHERE Id IN ('c', ?) RETURNING Id",
    "DELETE FROM t WHERE Id = 'a'",
    "DELETE FROM t",
    "EXEC P A = 'x', B = -1",
    "EXPLAIN DELETE FROM t WHERE a LIKE 'b%'",
    "BEGIN",
    "SHOW TABLES",
    "DESCRIBE t",
  ])("is none where nothing needs an engine: %s", (text) => {
    expect(unparsed(text)).toBeUndefined();
  });

  test("gives its parts places in the script", () => {
    const { returning, where, assignments } = only(
      "UPDATE t SET a = lower(b), c = 'é' || d WHERE e = f RETURNING g AS h",
      "update",
    );
    expect([assignments[0]?.value, assignments[1]?.value, where].map((part) => part?.expression)).toMatchObject([
      { arguments: [{ name: "b", position: 23 }] },
      { operands: [{}, { name: "d", position: 38 }] },
      { left: { name: "e", position: 46 }, right: { name: "f", position: 50 } },
    ]);
    expect(returning?.items).toMatchObject([{ expression: { name: "g", position: 62 }, alias: "h" }]);
  });
});

describe("EXEC", () => {
  test.each([
    "EXEC P A = 'x', B = 1",
    "EXECUTE P @A = 'x', @B = 1",
    "CALL P(A => 'x', B => 1)",
    "call [P] (A = 'x', [B] := 1)",
  ])("names its inputs: %s", (text) => {
    const { procedure, arguments: inputs } = only(text, "execute");
    expect([procedure.name, ...inputs.map(({ name, value }) => `${name.name} ${value.sql.sql}`)]).toEqual([
      "P",
      "A 'x'",
      "B 1",
    ]);
  });

  test.each(["EXEC P", "CALL P()"])("may have none: %s", (text) => {
    expect(only(text, "execute").arguments).toEqual([]);
  });
});

describe("EXPLAIN", () => {
  test.each([
    ["EXPLAIN SELECT 1", { analyze: false, format: "text" }],
    ["EXPLAIN ANALYZE SELECT 1", { analyze: true, format: "text" }],
    ["EXPLAIN (FORMAT JSON) SELECT 1", { analyze: false, format: "json" }],
    ["EXPLAIN (ANALYZE, FORMAT = TEXT) SELECT 1", { analyze: true, format: "text" }],
    ["EXPLAIN ANALYZE (FORMAT JSON) SELECT 1", { analyze: true, format: "json" }],
    ["EXPLAIN (SELECT 1)", { analyze: false, format: "text" }],
  ])("has its options: %s", (text, options) => {
    expect(only(text, "explain")).toMatchObject({ ...options, statement: { kind: "select" } });
  });

  test("explains a write, and has its parameters", () => {
    const statement = only("EXPLAIN DELETE FROM t WHERE a = @a", "explain");
    expect(statement).toMatchObject({ parameters: ["a"], statement: { kind: "delete", offset: 8, parameters: ["a"] } });
  });
});

test.each([
  ["SHOW TABLES", { kind: "show", what: "tables" }],
  ["show all tables", { kind: "show", what: "tables" }],
  ["SHOW FUNCTIONS", { kind: "show", what: "procedures" }],
  ["DESC v2.Account", { kind: "describe", name: { schema: "v2", name: "Account" } }],
  ["DESCRIBE PROCEDURE CancelQuote", { kind: "describe", name: { schema: undefined, name: "CancelQuote" } }],
  ["BEGIN TRANSACTION", { kind: "begin" }],
  ["START TRANSACTION ISOLATION LEVEL READ COMMITTED, READ ONLY", { kind: "begin" }],
  ["END", { kind: "commit" }],
  ["ABORT WORK", { kind: "rollback" }],
])("%s is understood", (text, statement) => {
  expect(readScript(text)).toMatchObject([statement]);
});
