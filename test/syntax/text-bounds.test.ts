import { describe, expect, test } from "vitest";
import { StripeSqlError } from "../../src/error/stripe-sql-error.js";
import type { TextBounds } from "../../src/syntax/text-bounds.js";
import { requireWithinBounds } from "../../src/syntax/text-bounds.js";

const bounds: TextBounds = { length: 300_000, semicolons: 2, depth: 3, conjunctions: 2 };

function refusal(text: string, given: TextBounds = bounds): unknown {
  try {
    requireWithinBounds(text, given);
    return undefined;
  } catch (error) {
    if (error instanceof StripeSqlError) return [error.sqlState, error.message, error.position];
    throw error;
  }
}

describe("within the bounds", () => {
  test.each([
    "",
    "SELECT 1;;",
    "((()))[[[]]]{{{}}}",
    "a AND b OR c",
    "SELECT ';;;((((' AS \"AND;;;((((\", `;;;((((`, $$;;;(((( AND AND AND$$, $x$;;;;$$;;;$x$, E'\\';;;;(((('",
    "-- ;;;; ((((( AND AND AND\nSELECT 1",
    "/* ;;;; ((((( ' \" AND AND AND /* -- */ */ SELECT 1",
    "brand, ORDER, ANDY, land AND oregon",
  ])("is %j", (text) => expect(refusal(text)).toBeUndefined());
});

describe("beyond them", () => {
  test.each([
    ["x".repeat(300_001), "the text is too long", undefined],
    ["SELECT 1;;;", "the text holds too many statements", 10],
    ["(([{", "the text is nested too deeply", 3],
    ["/* /* /* /* */ */ */ */", "the text is nested too deeply", 9],
    ["a and b OR c And d", "the text holds too many conditions", 13],
    ["'it''s';;;", "the text holds too many statements", 9],
    ["-- x\r;;;", "the text holds too many statements", 7],
    ["/* ' */;;;", "the text holds too many statements", 9],
    ["$a$ ' $a$;;;", "the text holds too many statements", 11],
  ])("is %j", (text, message, position) => expect(refusal(text)).toEqual(["54000", message, position]));
});

// Each was looked through again from each of its characters, which took minutes.
test.each([
  ["an open comment of dashes", `/*${"-".repeat(299_000)}`],
  ["quotes in a comment", `/*${"'\"`$".repeat(70_000)}`],
  ["an open quotation", `'${"x".repeat(299_000)}`],
  ["escapes", `E'${"\\'".repeat(149_000)}`],
  ["openings of E", "E'\\".repeat(99_000)],
  ["dollars", "$a".repeat(149_000)],
  ["dollar quotes", `${"$a$".repeat(99_999)}`],
  ["one long word", `$${"a".repeat(299_000)}`],
  ["blanks", " ".repeat(299_000)],
])("%s are read in linear time", (_, text) => {
  const before = process.cpuUsage();
  refusal(text);
  const { user } = process.cpuUsage(before);
  expect(user).toBeLessThan(2_000_000);
});
