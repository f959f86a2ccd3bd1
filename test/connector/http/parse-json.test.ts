import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JsonError, parseJson } from "../../../src/connector/http/parse-json.js";

/** Values that JSON writes and reads without a change. */
const json = fc.jsonValue().filter((value) => !/"__proto__"/.test(JSON.stringify(value)));

function mistakeIn(text: string): { readonly message: string; readonly position: number } {
  try {
    parseJson(text);
  } catch (error) {
    if (error instanceof JsonError) return { message: error.message, position: error.position };
    throw error;
  }
  return expect.unreachable(`no mistake in ${text}`);
}

describe("JSON", () => {
  it("is read as JSON.parse reads it", () => {
    fc.assert(
      fc.property(json, fc.nat(3), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        fc.pre(!/(?<![\d.eE+-])-?\d{16,}(?![.\d eE])/.test(text));
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  // Its reading ran out of stack.
  it("may hold a text of a million escapes", () => {
    const text = "\n".repeat(1_000_000);
    expect(parseJson(JSON.stringify({ query: text }))).toEqual({ query: text });
  });

  it.each([
    ["\t\r\n 1 ", 1],
    ["-0.5e+2", -50],
    ["1500.0", 1500],
    ["9007199254740991", 9007199254740991],
    ["123456789012.25", 123456789012.25],
    ['"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00"', '"\\/\b\f\n\r\té😀'],
    ['"é😀\u2028"', "é😀\u2028"],
    ['{"constructor":1,"toString":{},"":[]}', { constructor: 1, toString: {}, "": [] }],
    [`${"[".repeat(100)}1${"]".repeat(100)}`, expect.anything()],
  ])("may be %j", (text, value) => {
    expect(parseJson(text)).toEqual(value);
  });

  it("is refused wherever JSON.parse refuses it", () => {
    const pieces = [
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"a"',
      '"',
      "1",
      "-",
      "0",
      ".5",
      "e1",
      "true",
      "nul",
      " ",
      "\\",
      "\n",
      "'",
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 8 }), (parts) => {
        const text = parts.join("");
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        if (!isJson) expect(() => parseJson(text)).toThrow(JsonError);
      }),
      { seed: 2, numRuns: 5000 },
    );
  });

  it.each([
    ["", "JSON value expected but reached end of input", 0],
    ['{"a":', "Object value expected after ':'", 5],
    ["[1,2", "Array item or end of array ']' expected but reached end of input", 4],
    ["{a:1}", "Quoted object key expected but got 'a'", 1],
    ["{} {}", "Expected end of input but got '{'", 3],
    ['{"a":1,"a":2}', "Duplicate key 'a' encountered", 8],
    [`${"[".repeat(102)}`, "More than 100 levels of nesting", 100],
  ])("is not %j", (text, message, position) => {
    expect(mistakeIn(text)).toEqual({ message, position });
  });

  it.each([
    '{"a":1,}',
    "[1,]",
    '"abc',
    '"a\nb"',
    '"\\x"',
    '"\\u12g4"',
    '["\\ud800"]',
    '{"\\udc00":1}',
    "NaN",
    "01",
    "+1",
    '{"__proto__":1}',
    '{"\\u005f_proto__":1}',
  ])("is not %j either", (text) => {
    expect(() => parseJson(text)).toThrow(JsonError);
  });

  it.each(["9007199254740993", "-12345678901234567890", "1e400"])("keeps %s as a text rather than round it", (text) => {
    expect(parseJson(`{"Amount":${text}}`)).toEqual({ Amount: text });
  });

  it("changes no object's prototype", () => {
    expect(() => parseJson('{"x":{"__proto__":{"polluted":true}}}')).toThrow(JsonError);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it("may be as long as a body may be", () => {
    const long = "a".repeat(10_000_000);
    expect(parseJson(`["${long}"]`)).toEqual([long]);
    expect(parseJson(`${" ".repeat(10_000_000)}1`)).toBe(1);
    expect(parseJson("1".repeat(10_000_000))).toHaveLength(10_000_000);
    expect(parseJson(`[${"1,".repeat(1_000_000)}1]`)).toHaveLength(1_000_001);
  });
});
