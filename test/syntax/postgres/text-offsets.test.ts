import { expect, test } from "vitest";
import { TextOffsets } from "../../../src/syntax/postgres/text-offsets.js";

const text = "aé😀\u20acz";

test("bytes of UTF-8 become offsets in UTF-16", () => {
  const offsets = new TextOffsets(text);
  let bytes = 0;
  for (const { 0: character, index } of text.matchAll(/./gsu)) {
    expect(offsets.ofByte(bytes)).toBe(index);
    bytes += Buffer.byteLength(character);
  }
  expect(offsets.ofByte(bytes)).toBe(text.length);
});

test("so do characters", () => {
  const offsets = new TextOffsets(text);
  expect([...text].map((_, character) => offsets.ofCharacter(character))).toEqual([0, 1, 2, 4, 5]);
});

test("what has no place is at none, what is left out at the start", () => {
  const offsets = new TextOffsets(text);
  expect(offsets.ofByte(-1)).toBeUndefined();
  expect(offsets.ofByte(undefined)).toBe(0);
  expect(offsets.ofByte(1000)).toBe(text.length);
});
