import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ExactNumber, jsonText, parseJson, parseJsonBytes, programJson } from "../../src/value/exact-number.js";

const numbers = [
  "9007199254740993",
  "-9223372036854775808",
  "1.10",
  "0.1234567890123456789",
  "1e400",
  "12345678901234567890.50",
];

describe("a number that a double would spell otherwise", () => {
  it.each(numbers)("keeps its text: %s", (number) => {
    for (const text of [number, `[${number}]`, `{"a":${number},"b":[1,${number}]}`]) {
      expect(jsonText(parseJson(text))).toBe(text);
      if (!/e/i.test(text)) expect(jsonText(parseJsonBytes(Buffer.from(text), text))).toBe(text);
    }
  });

  it("is found wherever it stands in a long text", () => {
    for (let before = 0; before < 40; before += 1) {
      const text = `{"${"x".repeat(before)}":9007199254740993}`;
      expect(jsonText(parseJsonBytes(Buffer.from(text), text))).toBe(text);
    }
  });

  it("is rounded only where a program asks for plain JSON", () => {
    expect(JSON.stringify(new ExactNumber("1.10"))).toBe("1.1");
    expect(programJson(parseJson('{"a":[9007199254740993,1.10,"1.10"]}'))).toEqual({
      a: [9007199254740993n, 1.1, "1.10"],
    });
  });
});

it("any other JSON is what JSON.parse makes of it, digits within texts too", () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      const text = JSON.stringify(JSON.parse(json));
      expect(JSON.parse(jsonText(parseJsonBytes(Buffer.from(text), text)))).toEqual(JSON.parse(text));
    }),
  );
  const text = '{"card":"4242424242424242","ip":"10.0.0.10","price":"12.50"}';
  expect(parseJsonBytes(Buffer.from(text), text)).toEqual(JSON.parse(text));
});
