import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonText, parseJson } from "../../src/value/exact-number.js";
import type { JsonObject } from "../../src/value/json.js";
import { readJsonList } from "../../src/value/json-list.js";

const read = (text: string, fields: readonly string[]): JsonObject => readJsonList(Buffer.from(text), new Set(fields));

const page = {
  object: "list",
  url: "/v1/charges",
  has_more: true,
  data: [
    {
      id: "ch_1",
      amount: 100,
      status: "succeeded",
      metadata: { note: 'a "quote", {brace} and [bracket]' },
      paid: true,
    },
    { id: "ch_2", amount: 0, status: "succeeded", metadata: {}, customer: null, paid: false },
  ],
};

describe("what is no list in JSON", () => {
  it.each([
    ["nothing", ""],
    ["a scalar", "12"],
    ["an array", "[]"],
    ["an object without rows", '{"object":"list"}'],
    ["rows that are none", '{"data":{}}'],
    ["a row that is no object", '{"data":[1]}'],
    ["more behind it", '{"data":[]} x'],
    ["a comma before the end", '{"data":[{"id":"a"},]}'],
    ["a comma before the end of a row", '{"data":[{"id":"a",}]}'],
    ["no comma", '{"data":[{"id":"a" "amount":1}]}'],
    ["no colon", '{"data":[{"id" "a"}]}'],
    ["no value", '{"data":[{"id":}]}'],
    ["a bracket that a brace closes", '{"data":[{"tags":[1},"id":"a"}]}'],
    ["a brace that a bracket closes", '{"data":[{"id":"a","address":{"tags":[1]]}]}'],
    ["a name without quotes", '{"data":[{id:"a"}]}'],
    ["a value that is no JSON", '{"data":[{"id":nul}]}'],
    ["a number that is no JSON", '{"data":[{"id":01}]}'],
    ["a text with a line break", '{"data":[{"id":"a\nb"}]}'],
    ["a name that is spelled with an escape", '{"data":[{"\\u0069d":"a"}]}'],
    ["a text with no such escape", '{"data":[{"id":"\\x"}]}'],
  ])("is a SyntaxError: %s", (_, text) => {
    expect(() => read(text, ["id"])).toThrow(SyntaxError);
  });

  it("is a SyntaxError wherever the text is cut off", () => {
    for (const text of [JSON.stringify(page), JSON.stringify(page, null, 2)])
      for (let length = 0; length < text.length; length += 1)
        expect(() => read(text.slice(0, length), ["id", "metadata"])).toThrow(SyntaxError);
  });
});

describe("a list's rows", () => {
  it("have the fields that are named, and its envelope is whole", () => {
    const rows = [
      { id: "ch_1", paid: true },
      { id: "ch_2", customer: null, paid: false },
    ];
    for (const text of [JSON.stringify(page), JSON.stringify(page, null, 2)])
      expect(read(text, ["id", "paid", "customer"])).toStrictEqual({ ...page, data: rows });
    expect(read('{"data":[]}', ["id"])).toEqual({ data: [] });
    expect(read('{"data":[],"größe":1}', ["id"])).toEqual({ data: [], größe: 1 });
  });

  it("keep numbers as they are spelled", () => {
    const { data } = read('{"data":[{"a":9007199254740993,"b":1.10,"c":-5,"d":123456789012345}]}', [
      "a",
      "b",
      "c",
      "d",
    ]);
    expect(jsonText(data)).toBe('[{"a":9007199254740993,"b":1.10,"c":-5,"d":123456789012345}]');
  });

  it("hold texts of any letters, and those that come again", () => {
    const texts = ["Zoë", "Zoë", "a\tb", 'say "so"', "\\", "", "", "日本", "x\u0000y", "usd", "usd"];
    const { data } = read(JSON.stringify({ data: texts.map((name) => ({ name })) }), ["name"]);
    expect(data).toEqual(texts.map((name) => ({ name })));
  });

  it("take the last of two members of one name, as JSON.parse does", () => {
    expect(read('{"data":[{"id":"a"}],"data":[{"id":"b","id":"c"}]}', ["id"])).toEqual({ data: [{ id: "c" }] });
  });

  it("may be nested as deeply as Stripe could", () => {
    const deep = "[".repeat(100_000) + "]".repeat(100_000);
    expect(read(`{"data":[{"deep":${deep},"id":"a"}]}`, ["id"])).toEqual({ data: [{ id: "a" }] });
  });
});

it("of any rows, the named fields are what parsing all of it gives", () => {
  const name = fc.constantFrom<string>("id", "amount", "a", "created", "data", "é");
  const row = fc.dictionary(name, fc.jsonValue(), { noNullPrototype: true });
  fc.assert(
    fc.property(fc.array(row), fc.uniqueArray(name), fc.constantFrom(0, 1, "\t"), (rows, fields, space) => {
      const text = JSON.stringify({ object: "list", data: rows, has_more: false }, null, space);
      const whole = parseJson(text) as { readonly data: readonly JsonObject[] };
      const wanted = whole.data.map((one) =>
        Object.fromEntries(Object.entries(one).filter(([field]) => fields.includes(field))),
      );
      expect(read(text, fields)).toStrictEqual({ object: "list", data: wanted, has_more: false });
    }),
    { numRuns: 500 },
  );
});
