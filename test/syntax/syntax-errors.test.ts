import { describe, expect, test } from "vitest";
import { parseConnectionString } from "../../src/syntax/parse-connection-string.js";
import { parseFilterClause } from "../../src/syntax/parse-filter-clause.js";
import { parseSearchQuery } from "../../src/syntax/parse-search-query.js";
import { readScript } from "../support/read-statement.js";
import type { ErrorFacts } from "./error-facts.js";
import { errorFacts } from "./error-facts.js";

type Case = readonly [text: string, error: Omit<ErrorFacts, "sqlState"> & { readonly sqlState?: string }];

function check(parse: (text: string) => unknown, [text, error]: Case): void {
  expect(errorFacts(() => parse(text))).toEqual({ sqlState: "42601", ...error });
}

const aStatement = "Expected a statement such as SELECT, INSERT, UPDATE, DELETE, EXEC or EXPLAIN.";
const supported =
  "Supported are SELECT, INSERT, UPDATE, DELETE, MERGE, COPY … FROM 'file', EXEC, EXPLAIN, SHOW, DESCRIBE, SET, RESET, RESUME WRITE, FORGET, CREATE [TEMP] VIEW, CREATE TEMP TABLE … AS, REFRESH, DROP VIEW, DROP TABLE and BEGIN, COMMIT, ROLLBACK.";
const ofItsOwn = "Write it as a statement of its own; INSERT takes a SELECT as its rows.";

const scripts: readonly Case[] = [
  [
    "SELEC 1",
    {
      message: 'syntax error at or near "SELEC"',
      position: 0,
      detail: aStatement,
      hint: 'Did you mean "SELECT" or "EXEC"?',
    },
  ],
  ["123", { message: 'syntax error at or near "123"', position: 0, detail: aStatement }],
  ["SELECT 1; bogus", { message: 'syntax error at or near "bogus"', position: 10, detail: aStatement }],
  ["EXPLAIN", { message: "syntax error at end of input", position: 7, detail: aStatement }],
  [
    "drop index t",
    {
      message: "what is not a view or a temp table cannot be dropped",
      sqlState: "0A000",
      position: 0,
      hint: "DROP VIEW and DROP TABLE remove views and temp tables.",
    },
  ],
  [
    "CREATE TABLE t AS SELECT 1",
    {
      message: "what is not a view or a temp table of a query cannot be created",
      sqlState: "0A000",
      position: 0,
      hint: "CREATE TEMP TABLE … AS SELECT … keeps the rows of a query for the session, CREATE [TEMP] VIEW … AS SELECT … a query by its name.",
    },
  ],
  ["ATTACH 'a.db'", { message: "ATTACH is not supported", sqlState: "0A000", position: 0, hint: supported }],
  ["EXPLAIN INSTALL x", { message: "INSTALL is not supported", sqlState: "0A000", position: 8, hint: supported }],
  [
    "WITH a AS (DELETE FROM t) SELECT 1",
    { message: "DELETE inside a query is not supported", sqlState: "0A000", position: 11, hint: ofItsOwn },
  ],
  [
    "WITH a AS (SELECT 1) SELECT 1 UNION (INSERT INTO t SELECT 1)",
    { message: "INSERT inside a query is not supported", sqlState: "0A000", position: 37, hint: ofItsOwn },
  ],
  [
    "WITH a AS (SELECT 1) UPDATE t Email = 'x'",
    { message: 'syntax error at or near "="', position: 36, detail: "Expected SET." },
  ],
  [
    "(COPY t TO 'x')",
    {
      message: 'syntax error at or near "COPY"',
      position: 1,
      detail: "Expected a query: SELECT, WITH, VALUES or FROM.",
    },
  ],
  ["SELECT 'abc", { message: "unterminated string", position: 7 }],
  ["SELECT E'abc\\'", { message: "unterminated string", position: 7 }],
  ["SELECT $tag$abc$other$", { message: "unterminated string", position: 7 }],
  ['SELECT 1 AS "abc', { message: "unterminated quoted name", position: 12 }],
  ["SELECT /* /* */ 1", { message: "unterminated comment", position: 7 }],
  ["SELECT ((1)", { message: '"(" is not closed', position: 7 }],
  ["SELECT [1, (2]", { message: '"(" is closed by "]"', position: 13 }],
  [
    "SELECT 1)",
    { message: 'syntax error at or near ")"', position: 8, detail: "Expected an expression or end of statement." },
  ],
  ["UPDATE Customer Email = 'x'", { message: 'syntax error at or near "="', position: 22, detail: "Expected SET." }],
  [
    "DELETE FROM t WHERE a = 1 ORDER BY a",
    {
      message: 'syntax error at or near "ORDER"',
      position: 26,
      detail: "Expected RETURNING, an expression or end of statement.",
    },
  ],
  [
    "INSERT INTO t (a) VALUES ()",
    { message: 'syntax error at or near ")"', position: 26, detail: "Expected an expression." },
  ],
  [
    "CALL FinalizeInvoice('in_1')",
    {
      message: `syntax error at or near "'"`,
      position: 21,
      detail: 'Expected ")" or an input written as Name = value.',
    },
  ],
  [
    "SELECT ?, @name",
    {
      message: 'parameter "@name" is of another style than the ones before it',
      position: 10,
      hint: "Use one of ?, $1 or @name throughout a statement.",
    },
  ],
  [
    "SELECT $0",
    { message: "there is no parameter $0", position: 7, hint: "Parameters are numbered from $1 to $65535." },
  ],
  [`SELECT ${"(".repeat(100_000)}`, { message: "text is nested too deeply", sqlState: "54000" }],
];

const aValue = "Expected DATE, FALSE, NULL, TIMESTAMP, TIMESTAMPTZ, TRUE, a number or a value in single quotes.";

const aCondition = 'Expected ".", BETWEEN, IN, IS, LIKE, NOT or a condition (=, <>, <, <=, >, >=).';

const filters: readonly Case[] = [
  ["", { message: "syntax error at end of input", position: 0, detail: 'Expected "(", NOT or a field name.' }],
  ["a = b", { message: 'syntax error at or near "b"', position: 4, detail: aValue }],
  ['a = "b"', { message: "a value takes single quotes, not double quotes", position: 4 }],
  ["a = lower('B')", { message: 'syntax error at or near "lower"', position: 4, detail: aValue }],
  ["a IN (SELECT b)", { message: 'syntax error at or near "SELECT"', position: 6, detail: aValue }],
  [
    "a = 1; DROP TABLE b",
    { message: 'syntax error at or near ";"', position: 5, detail: "Expected AND, OR or end of the filter." },
  ],
  [
    "a = 1 -- b",
    { message: 'syntax error at or near "-"', position: 6, detail: "Expected AND, OR or end of the filter." },
  ],
  ["(a = 1", { message: "syntax error at end of input", position: 6, detail: 'Expected ")", AND or OR.' }],
  ["a = 'b", { message: "unterminated string", position: 4 }],
  [`${"(".repeat(101)}a = 1`, { message: "filter is nested too deeply", sqlState: "54000", position: 101 }],
  ["a = ‘b’", { message: "a value takes straight single quotes ('), not ‘", position: 4 }],
  ["a\u200b = 1", { message: 'syntax error at or near "U+200B"', position: 1, detail: aCondition }],
  ["a. b = 1", { message: 'syntax error at or near " "', position: 2, detail: "Expected a key." }],
  ["a = 'b\0c'", { message: "filter holds a NUL character", position: 6 }],
  ["a = '\udc00b'", { message: "filter holds half a surrogate pair", position: 5 }],
  [
    `a = '${"b".repeat(65_536)}'`,
    {
      message: "filter is too long",
      sqlState: "54000",
      detail: "It has 65542 characters; at most 65536 are read.",
    },
  ],
];

const searches: readonly Case[] = [
  ["", { message: "syntax error at end of input", position: 0, detail: 'Expected "-" or a field.' }],
  ['a="b"', { message: "write : for equality", position: 1 }],
  [
    "a:b",
    {
      message: 'syntax error at or near "b"',
      position: 2,
      detail: "Expected a value in double quotes or a number or null.",
    },
  ],
  ['a:"b" AND c:"d" OR e:"f"', { message: "AND and OR cannot be mixed in one query", position: 18 }],
  ['a:"b', { message: "unterminated string", position: 2 }],
  [
    Array.from({ length: 11 }, () => "a>1").join(" "),
    { message: "a search query has at most 10 clauses", position: 40 },
  ],
];

describe("a script's error", () => {
  test.each(scripts)("in %s", (...one) => check(readScript, one));
});

describe("a filter clause's error", () => {
  test.each(filters)("in %s", (...one) => check(parseFilterClause, one));

  test("is not made by nesting of 100 levels", () => {
    expect(() => parseFilterClause(`${"(".repeat(100)}a = 1${")".repeat(100)}`)).not.toThrow();
  });
});

describe("a search query's error", () => {
  test.each(searches)("in %s", (...one) => check(parseSearchQuery, one));
});

describe("a connection string's error", () => {
  const secrets: readonly Case[] = [
    ["Secret", { message: "syntax error at end of input", position: 6, detail: 'Expected "=".' }],
    ['ApiKey="Secret', { message: "unterminated quoted value", position: 7 }],
    ['ApiKey="Sec"ret', { message: "syntax error", position: 12, detail: "Expected end of the connection string." }],
  ];

  test.each(secrets)("in %s gives a position and none of the text", (...one) => check(parseConnectionString, one));
});
