import { expect, test } from "vitest";
import { parseArrayLiteral } from "../../../src/syntax/postgres/array-literal.js";

test.each<readonly [text: string, elements: readonly (string | null)[] | undefined]>([
  ["{}", []],
  ["  { }  ", []],
  ["{a}", ["a"]],
  ["{a,b c, d }", ["a", "b c", "d"]],
  ['{"a,b","","c\\"d\\\\e"}', ["a,b", "", 'c"d\\e']],
  ['{NULL,null,"NULL"}', [null, null, "NULL"]],
  ["{é😀}", ["é😀"]],
  // Left to the engine: what it refuses, and what has another meaning.
  ["", undefined],
  ["a", undefined],
  ["{a", undefined],
  ["{a,}", undefined],
  ["{,a}", undefined],
  ["{a,,b}", undefined],
  ['{a"b}', undefined],
  ['{"a"b}', undefined],
  ["{a\\,b}", undefined],
  ["{{a},{b}}", undefined],
  ["[1:2]={a,b}", undefined],
  ['{"a}', undefined],
])("%s", (text, elements) => {
  expect(parseArrayLiteral(text)).toEqual(elements);
});

test("a long one is read in a time that grows by its length", () => {
  const many = Array.from({ length: 20_000 }, (_, index) => `x${index}`);
  expect(parseArrayLiteral(`{${many.join(",")}}`)).toEqual(many);
  expect(parseArrayLiteral(`{${" ".repeat(50_000)}"`)).toBeUndefined();
});
