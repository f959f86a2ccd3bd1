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
    ["", "the text ends where a value is expected", 0],
    ['{"a":', "the text ends where a value is expected", 5],
    ['{"a"', 'expected ":"', 4],
    ['{"a":1', 'expected "," or "}"', 6],
    ["[1,2", 'expected "," or "]"', 4],
    ["[1,]", "expected a value", 3],
    ["{a:1}", "expected a name in double quotes", 1],
    ['{"a":1,}', "expected a name in double quotes", 7],
    ["{} {}", "expected the end of the text", 3],
    ['"abc', "the text ends within a string", 4],
    ['"a\nb"', "a control character within a string is to be escaped", 2],
    ['"\\x"', "no such escape", 1],
    ['"\\u12g4"', "no such escape", 1],
    ['["\\ud800"]', "half of a surrogate pair", 1],
    ["NaN", "expected a value", 0],
    ["01", "expected the end of the text", 1],
    ["+1", "expected a value", 0],
    ["9007199254740993", "the number is too large to be kept exactly; give it as a text", 0],
    ["[1e400]", "the number is too large to be kept exactly; give it as a text", 1],
    ['{"a":1,"a":2}', 'the name "a" is given twice', 7],
    ['{"a":1,"\\u0061":2}', 'the name "a" is given twice', 7],
    ['{"__proto__":1}', 'the name "__proto__" is not allowed', 1],
    [`${"[".repeat(102)}`, "more than 100 levels of nesting", 101],
  ])("is not %j", (text, message, position) => {
    expect(mistakeIn(text)).toEqual({ message, position });
  });

  it("changes no object's prototype", () => {
    expect(() => parseJson('{"x":{"__proto__":{"polluted":true}}}')).toThrow(JsonError);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it("may be as long as a body may be", () => {
    const long = "a".repeat(10_000_000);
    expect(parseJson(`["${long}"]`)).toEqual([long]);
    expect(parseJson(`${" ".repeat(10_000_000)}1`)).toBe(1);
    expect(() => parseJson("1".repeat(10_000_000))).toThrow(JsonError);
    expect(parseJson(`[${"1,".repeat(1_000_000)}1]`)).toHaveLength(1_000_001);
  });
});
