import { describe, expect, it } from "vitest";
import { printError } from "../../src/error/print-error.js";
import { SqlState } from "../../src/error/sql-state.js";
import { StripeSqlError } from "../../src/error/stripe-sql-error.js";
import { didYouMean } from "../../src/error/suggestion.js";

const base = { sqlState: SqlState.undefinedColumn, phase: "plan" } as const;

describe("an error", () => {
  it("says no more than it was told", () => {
    const error = new StripeSqlError("m", base);
    expect({ ...error }).toEqual({
      name: "StripeSqlError",
      sqlState: "42703",
      phase: "plan",
      detail: undefined,
      hint: undefined,
      position: undefined,
      retryable: false,
      stripe: {},
    });
    expect(error).toBeInstanceOf(Error);
    expect("cause" in error).toBe(false);
  });

  it("keeps what it came from", () => {
    const cause = new Error("below");
    expect(new StripeSqlError("m", { ...base, cause }).cause).toBe(cause);
  });
});

describe("an error with changes", () => {
  const facts = { detail: "d", hint: "h", position: 3, retryable: true, stripe: { code: "c" }, cause: new Error("b") };
  const error = new StripeSqlError("m", { ...base, ...facts });

  it("says all else as before", () => {
    const changed = error.with({ detail: "other" });
    expect({ ...changed }).toEqual({ ...error, detail: "other" });
    expect([changed.message, changed.cause]).toEqual(["m", facts.cause]);
    expect(error.with({ message: "n" })).toMatchObject({ message: "n", detail: "d" });
  });

  it("leaves out what is given as undefined", () => {
    const changed = error.with({ position: undefined, hint: undefined, cause: undefined });
    expect({ ...changed }).toEqual({ ...error, position: undefined, hint: undefined });
    expect("cause" in changed).toBe(false);
    expect(error.position).toBe(3);
  });

  it("has no secret in what is new", () => {
    expect(error.with({ hint: `try ${["sk", "live", "abcdefgh"].join("_")}` }).hint).toBe("try sk_live_***");
  });
});

describe("a printed error", () => {
  it("is its message and code, where there is no more", () => {
    expect(printError(new StripeSqlError("m", base))).toBe("ERROR:  m\nSQLSTATE:  42703");
  });

  it("has no secret in the statement's line, and its caret where it belongs", () => {
    const key = ["sk", "live", "abcdefgh"].join("_");
    const text = `SELECT '${key}', Emial, '4242424242424242'`;
    const error = new StripeSqlError("m", { ...base, position: text.indexOf("Emial") });
    const [, line = "", caret = ""] = printError(error, text).split("\n");
    expect(line).toBe("LINE 1: SELECT 'sk_live_***', Emial, '[card number]'");
    expect(line.slice(caret.indexOf("^"))).toMatch(/^Emial/);
  });

  it("is the statement's line with a caret, then detail, hint and request", () => {
    const error = new StripeSqlError('column "b" does not exist', {
      ...base,
      position: 14,
      detail: "d",
      hint: "h",
      stripe: { requestId: "req_1" },
    });
    expect(printError(error, "SELECT a,\n    b\nFROM t").split("\n")).toEqual([
      'ERROR:  column "b" does not exist',
      "LINE 2:     b",
      "            ^",
      "SQLSTATE:  42703",
      "DETAIL:  d",
      "HINT:  h",
      "REQUEST:  req_1",
    ]);
  });

  it("shows of a long line what is near the caret", () => {
    const text = `SELECT ${"1, ".repeat(500)}bogus${", 2".repeat(500)}`;
    const error = new StripeSqlError("m", { ...base, position: text.indexOf("bogus") });
    const [, line = "", caret = ""] = printError(error, text).split("\n");
    expect(line.length).toBeLessThan(180);
    expect(line).toMatch(/^LINE 1: \.\.\..*\.\.\.$/);
    expect(line.slice(caret.indexOf("^"))).toMatch(/^bogus/);
  });

  it("has its caret at the text's very end, too", () => {
    expect(printError(new StripeSqlError("m", { ...base, position: 6 }), "SELECT")).toBe(
      "ERROR:  m\nLINE 1: SELECT\n              ^\nSQLSTATE:  42703",
    );
  });

  it("has none where the position is past the text, or no text is given", () => {
    const error = new StripeSqlError("m", { ...base, position: 99 });
    expect(printError(error, "SELECT")).toBe("ERROR:  m\nSQLSTATE:  42703");
    expect(printError(error)).toBe("ERROR:  m\nSQLSTATE:  42703");
  });
});

describe("the nearest names", () => {
  const names = ["Customer", "Charge", "CheckoutSession", "Coupon", "PaymentIntent", "PaymentMethod"];

  it("are none where none is near", () => {
    expect(didYouMean("xyzzy", names)).toBeUndefined();
    expect(didYouMean("a", [])).toBeUndefined();
  });

  it("are one question, the nearest first, in any case", () => {
    expect(didYouMean("custumer", names)).toBe('Did you mean "Customer"?');
    expect(didYouMean("COUPN", names)).toBe('Did you mean "Coupon"?');
    expect(didYouMean("ab", ["ac", "ab1", "aa"])).toBe('Did you mean "aa", "ab1" or "ac"?');
  });

  it("are those that go on where the name ends", () => {
    expect(didYouMean("Payment", names)).toBe('Did you mean "PaymentIntent" or "PaymentMethod"?');
    expect(didYouMean("payments", names)).toBe('Did you mean "PaymentIntent" or "PaymentMethod"?');
  });

  it("are at most three", () => {
    expect(didYouMean("ab", ["aa", "ac", "ad", "ae"])).toBe('Did you mean "aa", "ac" or "ad"?');
  });
});
