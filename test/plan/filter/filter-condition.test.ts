import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StripeSqlError } from "../../../src/error/stripe-sql-error.js";
import { filterCondition } from "../../../src/plan/filter/filter-condition.js";
import type { Expression } from "../../../src/syntax/expression.js";
import { parseTimestampSeconds } from "../../../src/value/timestamp.js";
import { describeError } from "../../support/describe-error.js";
import { openOracle } from "../../support/oracle.js";
import { tableNamed } from "../../support/planning.js";
import { statementOf } from "../../support/statement-planning.js";
import { sketch } from "../../syntax/sketch.js";

const oracle = openOracle();

const condition = (clause: string, entity = "Customer", schema?: string): string =>
  filterCondition(clause, tableNamed(entity, schema));

function refusal(clause: string, entity = "Customer") {
  try {
    condition(clause, entity);
  } catch (error) {
    return describeError(error as StripeSqlError, clause);
  }
  return undefined;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const quotedName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A condition as the planner reads it in a statement of one table. */
function where(sql: string): Expression {
  const statement = `SELECT Id FROM Customer WHERE ${sql}`;
  const { query } = statementOf(statement, "select");
  if (query.kind !== "select" || query.where === undefined) throw new Error(`not read: ${statement}`);
  return query.where;
}

describe("a condition", () => {
  test.each([
    ["Email = 'a'", `"Email" = 'a'`],
    ["email != 'a'", `"Email" <> 'a'`],
    ["address_city NOT IN ('a', 'b')", `"AddressCity" NOT IN ('a', 'b')`],
    ["Name LIKE 'a%' OR Name NOT LIKE '%b'", `("Name" LIKE 'a%' OR "Name" NOT LIKE '%b')`],
    ["Balance NOT BETWEEN -1 AND '1'", `"Balance" NOT BETWEEN -1 AND 1`],
    ["Name IS NULL AND NOT Email IS NOT NULL", `("Name" IS NULL AND NOT ("Email" IS NOT NULL))`],
    ["Metadata.order_id = 6735", `("Metadata" ->> 'order_id') = '6735'`],
    ["Name = NULL OR Balance IN (NULL, 1)", `("Name" = NULL OR "Balance" IN (NULL, 1))`],
  ])("is printed from the parsed clause: %s", (clause, expected) => {
    expect(condition(clause)).toBe(expected);
  });

  test("is the same expression as the clause in a WHERE", () => {
    const clause =
      "NOT (Email = 'a' OR Balance > 5 AND Balance <> -7) AND Name LIKE '%b' AND Id IN ('a', 'b') OR Balance BETWEEN 1 AND 2 AND Name IS NOT NULL";
    expect(sketch(where(condition(clause)))).toBe(sketch(where(clause)));
  });

  test("of API v2 is bound to its own fields", () => {
    expect(condition("display_name = 'a'", "Account", "v2")).toBe(`"DisplayName" = 'a'`);
    expect(condition("business_profile_name = 'a'", "Account")).toBe(`"BusinessProfileName" = 'a'`);
  });
});

describe("a value is a literal of its field's type", () => {
  const printed = (clause: string, entity: string) => condition(clause, entity).replace(/^"\w+" = /, "");

  test.each([
    // VARCHAR: as it is written
    ["Customer", "Name = 00110", "'00110'"],
    ["Customer", "Name = -1.50", "'-1.50'"],
    ["Customer", "Name = 1E3", "'1E3'"],
    ["Customer", "Name = TRUE", "'true'"],
    ["Customer", "Name = ' a '", "' a '"],
    // BIGINT, DOUBLE and DECIMAL: in full, never rounded
    ["Customer", "Balance = '15.5'", "15.5"],
    ["Customer", "Balance = 00110", "110"],
    ["Customer", "Balance = '+1'", "1"],
    ["Customer", "Balance = -0.0", "0"],
    ["Customer", "Balance = .50", "0.5"],
    ["Customer", "Balance = 1.5e3", "1500"],
    ["Customer", "Balance = 15e-1", "1.5"],
    ["Customer", "Balance = 1e19", "10000000000000000000"],
    ["Customer", "Balance = '-9223372036854775809'", "-9223372036854775809"],
    ["Coupon", "PercentOff = '012.50'", "12.5"],
    ["Price", "UnitAmountDecimal = 0.000000000001", "0.000000000001"],
    ["Price", "UnitAmountDecimal = 1e-12", "0.000000000001"],
    // BOOLEAN
    ["Customer", "Delinquent = 1", "TRUE"],
    ["Customer", "Delinquent = '0'", "FALSE"],
    ["Customer", "Delinquent = 'True'", "TRUE"],
    ["Customer", "Delinquent = false", "FALSE"],
    // TIMESTAMPTZ
    ["Customer", "Created = 1707196279", "TIMESTAMPTZ '2024-02-06T05:11:19.000Z'"],
    ["Customer", "Created = '1707196279'", "TIMESTAMPTZ '2024-02-06T05:11:19.000Z'"],
    ["Customer", "Created = '2024-02-06'", "TIMESTAMPTZ '2024-02-06'"],
    ["Customer", "Created = DATE '2024-02-06'", "TIMESTAMPTZ '2024-02-06'"],
    ["Customer", "Created = TIMESTAMP '2024-02-06T05:11:19Z'", "TIMESTAMPTZ '2024-02-06T05:11:19Z'"],
    // JSON
    ["Customer", `Metadata = '{ "a" : 1.0 }'`, `'{"a":1}'`],
    ["Customer", "Metadata = '\"it''s\"'", "'\"it''s\"'"],
  ])("%s: %s", (entity, clause, expected) => {
    expect(printed(clause, entity)).toBe(expected);
  });

  test("a number means what it says, however it is written", async () => {
    const sign = fc.constantFrom("", "-", "+");
    const digits = (maxLength: number) => fc.string({ unit: fc.constantFrom(..."0123456789"), maxLength });
    const exponent = fc.option(fc.integer({ min: -6, max: 6 }), { nil: undefined });
    const numbers = fc.tuple(sign, digits(9), fc.option(digits(6), { nil: undefined }), exponent);
    await fc.assert(
      fc.asyncProperty(numbers, fc.boolean(), async ([minus, whole, fraction, power], isQuoted) => {
        fc.pre(whole !== "" || (fraction ?? "") !== "");
        const text = `${minus}${whole}${fraction === undefined ? "" : `.${fraction}`}${power === undefined ? "" : `e${power}`}`;
        const literal = printed(`Balance = ${isQuoted ? quoted(text) : text}`, "Customer");
        expect(literal).toMatch(/^(-?(0|[1-9]\d*)(\.\d*[1-9])?)$/);
        const scaled = (number: string) => `(${quoted(number)}::DECIMAL(38,12))`;
        // DuckDB reads an exponent into a DECIMAL exactly.
        expect(await oracle.text(`${scaled(literal)} = ${scaled(text)}`)).toBe("true");
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  test.each([
    "2026-10-01",
    "2026-1-5",
    "2026-10-01 13:05",
    "2026-10-01 13:05:07",
    "2026-10-01T13:05:07.5",
    "2026-10-01T13:05:07.123456Z",
    "2026-10-01 13:05:07+02",
    "2026-10-01 13:05:07-0430",
    "2026-10-01T13:05:07+05:45",
    "1969-12-31 23:59:59",
    "9999-12-31",
  ])("the time %s is the same to the planner and to the local engine", async (text) => {
    const literal = printed(`Created = ${quoted(text)}`, "Customer");
    expect(await oracle.seconds(literal)).toBeCloseTo(parseTimestampSeconds(text) ?? Number.NaN, 6);
  });
});

describe("a key of a structure", () => {
  const odd = [
    "a",
    "order_id",
    "0",
    "*",
    "$",
    "$.a",
    "$[0]",
    "/a",
    "/",
    "~",
    "~0",
    "~1",
    "a.b",
    "a b",
    "#",
    "''",
    '"',
    "\\",
    "ü",
    "😀",
    "a'); --",
  ];

  test("is that key, whatever the local engine would read into it", async () => {
    const object = JSON.stringify(Object.fromEntries(odd.map((key, index) => [key, `value ${index}`])));
    for (const [index, key] of odd.entries()) {
      const sql = condition(`Metadata.${quotedName(key)} = 'value ${index}'`).replace(
        '"Metadata"',
        `${quoted(object)}::JSON`,
      );
      expect([key, await oracle.text(sql)]).toEqual([key, "true"]);
    }
  });

  test("of any name is none that is not there", async () => {
    const key = fc.string({ unit: "grapheme", minLength: 1, maxLength: 6 }).filter((text) => !text.includes("\0"));
    await fc.assert(
      fc.asyncProperty(key, key, async (present, asked) => {
        const object = `${quoted(JSON.stringify({ [present]: "here", other: { [asked]: "nested" } }))}::JSON`;
        const sql = condition(`Metadata.${quotedName(asked)} = 'here'`).replace('"Metadata"', object);
        expect((await oracle.text(sql)) ?? "false").toBe(String(present === asked));
      }),
      { numRuns: 200, seed: 2 },
    );
  });
});

describe("nothing of a clause's text gets out of its literal", () => {
  const pieces = [
    "'",
    "''",
    '"',
    "\\",
    "--",
    "/*",
    "*/",
    ";",
    "$$",
    "$1",
    "?",
    "@a",
    ":b",
    "%",
    "_",
    "\n",
    "\u2019",
    "\uff07",
  ];
  const words = ["a", " ", "OR 1=1", "DELETE FROM Customer", "E'", "U&'", ")", "(", "]", "[", "{", "}", "::", "||"];
  const nasty = fc.array(fc.constantFrom(...pieces, ...words), { maxLength: 12 }).map((parts) => parts.join(""));

  test("a text is one literal, the same text", () => {
    fc.assert(
      fc.property(nasty, (text) => {
        expect(where(condition(`Name = ${quoted(text)}`))).toMatchObject({
          kind: "comparison",
          left: { kind: "column", name: "Name" },
          right: { kind: "literal", value: { type: "string", value: text } },
        });
      }),
      { numRuns: 500, seed: 3 },
    );
  });

  test("a key is one literal", () => {
    fc.assert(
      fc.property(nasty, (key) => {
        fc.pre(key !== "");
        expect(where(condition(`Metadata.${quotedName(key)} IS NULL`))).toMatchObject({
          kind: "is-null",
          operand: { kind: "json-access", operand: { name: "Metadata" }, key: { kind: "literal" } },
        });
      }),
      { numRuns: 300, seed: 4 },
    );
  });

  test("a name that is no field's is refused, never printed", () => {
    fc.assert(
      fc.property(nasty, (name) => {
        fc.pre(name.trim() !== "" && !/^a$/i.test(name));
        expect(() => condition(`${quotedName(name)} = 'a'`)).toThrow("does not exist in Customer");
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  test("whatever text there is, it is a condition or an error of ours", () => {
    const soup = fc
      .array(
        fc.constantFrom(...pieces, ...words, "Name", "Balance", "=", "<", "IN", "NOT", "AND", "'a'", "5", "NULL", "."),
        {
          maxLength: 10,
        },
      )
      .map((parts) => parts.join(" "));
    fc.assert(
      fc.property(fc.oneof(soup, fc.string({ unit: "binary" })), (clause) => {
        try {
          where(condition(clause));
        } catch (error) {
          expect(error).toMatchObject({ name: "StripeSqlError", position: expect.any(Number) });
        }
      }),
      { numRuns: 2000, seed: 6 },
    );
  });
});

describe("an error says what is wrong, where, and what would be right", () => {
  test.each([
    [
      "Balance < 0 AND Emial = 'a'",
      {
        message: 'field "Emial" does not exist in Customer',
        sqlState: "42703",
        phase: "plan",
        hint: 'Did you mean "Email"?',
        at: "Emial",
      },
    ],
    [
      "order_id = '6735'",
      {
        message: 'field "order_id" does not exist in Customer',
        sqlState: "42703",
        phase: "plan",
        hint: "DESCRIBE Customer lists its fields. A key of its metadata is named Metadata.order_id.",
        at: "order_id",
      },
    ],
    [
      "Name = 'a' OR Name.first = 'a'",
      {
        message: 'field "Name" of type VARCHAR has no keys',
        sqlState: "42804",
        phase: "plan",
        hint: "A key after a dot is for a field of type JSON: Metadata.order_id = '6735'.",
        at: "Name.first",
      },
    ],
    [
      "Balance IN (1, 'ten')",
      {
        message: 'invalid input syntax for type BIGINT: "ten"',
        sqlState: "22P02",
        phase: "plan",
        detail: 'It is compared with field "Balance".',
        hint: "Write a number as -1500, 15.5 or 1.5e3, with at most 20 digits before the point and 12 behind it.",
        at: "'ten'",
      },
    ],
    [
      "Delinquent = 'yes'",
      {
        message: 'invalid input syntax for type BOOLEAN: "yes"',
        sqlState: "22P02",
        phase: "plan",
        detail: 'It is compared with field "Delinquent".',
        hint: "Write TRUE or FALSE.",
        at: "'yes'",
      },
    ],
    [
      "Created BETWEEN '2026-01-01' AND 2026",
      {
        message: 'invalid input syntax for type TIMESTAMPTZ: "2026"',
        sqlState: "22P02",
        phase: "plan",
        detail: 'It is compared with field "Created".',
        hint: "Write a time as '2026-01-31', '2026-01-31T13:00:00Z' or Unix seconds of 9 to 11 digits.",
        at: "2026",
      },
    ],
    [
      "Created > DATE 'today'",
      {
        message: 'invalid input syntax for type DATE: "today"',
        sqlState: "22P02",
        phase: "plan",
        detail: 'It is compared with field "Created".',
        hint: "Write a day as DATE '2026-01-31'.",
        at: "DATE",
      },
    ],
    [
      "Metadata.order_id > DATE '2026-01-01'",
      {
        message: 'field "Metadata.order_id" is of type VARCHAR but is compared with a date',
        sqlState: "42804",
        phase: "plan",
        hint: "Put the value in single quotes.",
        at: "DATE",
      },
    ],
    [
      "Balance LIKE '1%'",
      {
        message: 'LIKE is for texts, but field "Balance" is of type BIGINT',
        sqlState: "42804",
        phase: "plan",
        hint: "Compare it with =, <, > or BETWEEN.",
        at: "Balance",
      },
    ],
    [
      "Metadata LIKE '%a%'",
      {
        message: 'LIKE is for texts, but field "Metadata" is of type JSON',
        sqlState: "42804",
        phase: "plan",
        hint: "Name a key of it: Metadata.order_id LIKE '67%'.",
        at: "Metadata",
      },
    ],
    [
      "Metadata >= '{}'",
      {
        message: 'field "Metadata" of type JSON has no order',
        sqlState: "42804",
        phase: "plan",
        hint: "Name a key of it: Metadata.order_id >= '67'.",
        at: "Metadata",
      },
    ],
    [
      "Balance = 0 AND NOT SearchQuery = 'a'",
      {
        message: 'field "SearchQuery" can only be compared with = or IN, and not under NOT',
        sqlState: "0A000",
        phase: "plan",
        detail: '"SearchQuery" is a filter of Stripe\'s list, not a field of its rows.',
        hint: "Write SearchQuery = '…', joined to the other conditions by AND.",
        at: "SearchQuery",
      },
    ],
  ])("%s", (clause, expected) => {
    expect(refusal(clause)).toEqual(expected);
  });

  // JSON.stringify once ran out of stack here.
  test.each(["[]", "{}"])("JSON of thousands of %s within one another is none", ([open = "", close = ""]) => {
    const text = `${(open === "{" ? '{"a":' : open).repeat(10_000)}1${close.repeat(10_000)}`;
    expect(refusal(`Metadata = ${quoted(text)}`)).toMatchObject({ sqlState: "22P02", detail: expect.any(String) });
  });

  test("a field of API v2 is missed by the name that its entity goes by", () => {
    expect(() => condition("Emial = 'a'", "Account", "v2")).toThrow('field "Emial" does not exist in v2.Account');
  });
});
