import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseFieldMask, selectFields } from "../../../src/connector/http/field-mask.js";

const answer = {
  entities: [
    { name: "a", fields: { Id: "cus_1", Address: { city: "Berlin", zip: "10115" }, Tags: ["x", "y"] } },
    { name: "b", fields: { Id: "cus_2", Address: null, Tags: [] } },
  ],
  results: [{ Success: "true", "payment_method_options.card.installments": null, "lines.data": "[]" }],
  nextPageToken: "t",
};

describe("a field mask", () => {
  it.each<[string, unknown]>([
    ["nextPageToken", { nextPageToken: "t" }],
    ["*", answer],
    ["nextPageToken,entities/name", { entities: [{ name: "a" }, { name: "b" }], nextPageToken: "t" }],
    ["entities(name)", { entities: [{ name: "a" }, { name: "b" }] }],
    ["entities.name", { entities: [{ name: "a" }, { name: "b" }] }],
    [
      " entities ( name , fields ( Id , Address / city ) ) ",
      {
        entities: [
          { name: "a", fields: { Id: "cus_1", Address: { city: "Berlin" } } },
          { name: "b", fields: { Id: "cus_2" } },
        ],
      },
    ],
    ["entities/*/Id", { entities: [{ fields: { Id: "cus_1" } }, { fields: { Id: "cus_2" } }] }],
    [
      "entities(*/Id,name)",
      {
        entities: [
          { name: "a", fields: { Id: "cus_1" } },
          { name: "b", fields: { Id: "cus_2" } },
        ],
      },
    ],
    ["entities/fields/Tags", { entities: [{ fields: { Tags: ["x", "y"] } }, { fields: { Tags: [] } }] }],
    ["entities,entities/name", { entities: answer.entities }],
    ["entities/name,entities", { entities: answer.entities }],
    ["results/Success", { results: [{ Success: "true" }] }],
    ["results(lines.data)", { results: [{ "lines.data": "[]" }] }],
    ["results/payment_method_options", { results: [{ "payment_method_options.card.installments": null }] }],
    ["results/lines/*", { results: [{ "lines.data": "[]" }] }],
    ["nothing", {}],
    ["entities/nothing", { entities: [{}, {}] }],
  ])("of %j selects", (text, selected) => {
    expect(selectFields(answer, parseFieldMask(text))).toEqual(selected);
  });

  it.each([
    ["", "a name is missing"],
    [",", "a name is missing"],
    ["a,", "a name is missing"],
    ["a,,b", "a name is missing"],
    ["a/", "a name is missing"],
    ["/a", "a name is missing"],
    ["a()", "a name is missing"],
    ["(a)", "a name is missing"],
    ["a(b", "a closing parenthesis is missing"],
    ["a)", '")" is not expected'],
    ["a(b)c", '"c" is not expected'],
    ["a b", '"b" is not expected'],
    ["a(b)/c", '"/" is not expected'],
    [`${"a/".repeat(40)}a`, "more than 40 levels"],
    [`${"a(".repeat(20_000)}a${")".repeat(20_000)}`, "more than 40 levels"],
  ])("is none of %j", (text, message) => {
    expect(() => parseFieldMask(text)).toThrow(message);
  });

  it("selects of any answer what its paths lead to, and nothing else", () => {
    const name = fc.constantFrom("a", "b", "c");
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.integer(),
        fc.array(fc.dictionary(name, tie("any"), { maxKeys: 3 }), { maxLength: 3 }),
        fc.dictionary(name, tie("any"), { maxKeys: 3 }),
      ),
    })).any;
    const paths = fc.array(fc.array(name, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.dictionary(name, value), paths, (whole, wanted) => {
        const mask = parseFieldMask(wanted.map((path) => path.join("/")).join(","));
        expect(leavesOf(selectFields(whole, mask))).toEqual(
          leavesOf(whole).filter(([path]) => wanted.some((one) => one.every((step, index) => path[index] === step))),
        );
      }),
      { numRuns: 300, seed: 20_261_129 },
    );
  });
});

/** Numbers of a value, each with the names that lead to it. */
function leavesOf(value: unknown, path: readonly string[] = []): (readonly [readonly string[], number])[] {
  if (typeof value === "number") return [[path, value]];
  if (Array.isArray(value)) return value.flatMap((one) => leavesOf(one, path));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => leavesOf(one, [...path, name]));
}
