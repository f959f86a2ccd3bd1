import { describe, expect, it } from "vitest";
import { formatAt } from "../../src/protocol/format-code.js";

describe("the format of a value", () => {
  it("is text where none is given", () => {
    expect(formatAt([], 3)).toBe("text");
  });

  it("is that of all where one is given", () => {
    expect([0, 1, 2].map((position) => formatAt(["binary"], position))).toEqual(["binary", "binary", "binary"]);
  });

  it("is its own where each has one", () => {
    expect([0, 1].map((position) => formatAt(["text", "binary"], position))).toEqual(["text", "binary"]);
  });
});
