import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeUtf8 } from "../../src/protocol/utf8.js";

describe("a text's bytes", () => {
  it("are read as UTF-8, a byte order mark too", () => {
    expect(decodeUtf8(Buffer.from("\ufeffé😀\u0000"))).toBe("\ufeffé😀\u0000");
  });

  it.each([
    [[0x61, 0x80], "0x80"],
    [[0xc0, 0xaf], "0xc0 0xaf"],
    [[0xe0, 0x80, 0xaf], "0xe0 0x80 0xaf"],
    [[0xf5, 0x80, 0x80, 0x80], "0xf5 0x80 0x80 0x80"],
    [[0xff, 0x61], "0xff"],
    [[0x61, 0xf0, 0x9f, 0x98], "0xf0 0x9f 0x98"],
    [[0xed, 0xbf, 0xbf], "0xed 0xbf 0xbf"],
    [[0xf4, 0x90, 0x80, 0x80], "0xf4 0x90 0x80 0x80"],
  ])("%j are refused, and %s shown of them", (bytes, shown) => {
    expect(() => decodeUtf8(Uint8Array.from(bytes))).toThrow(
      expect.objectContaining({ sqlState: "22021", message: `invalid byte sequence for encoding "UTF8": ${shown}` }),
    );
  });

  it("are refused where the platform's decoder refuses them, and the first that are wrong are shown", () => {
    const byte = fc.oneof(
      fc.integer({ min: 0, max: 255 }),
      fc.constantFrom(0x61, 0x80, 0xbf, 0xc2, 0xe0, 0xed, 0xa0, 0x9f, 0xf0, 0x90, 0xf4, 0x8f),
    );
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 8 }), (items) => {
        const bytes = Uint8Array.from(items);
        const before = longestText(bytes);
        if (before === bytes.length) expect(decodeUtf8(bytes)).toBe(Buffer.from(bytes).toString("utf8"));
        else expect(() => decodeUtf8(bytes)).toThrow(`0x${(items[before] ?? 0).toString(16).padStart(2, "0")}`);
      }),
      { numRuns: 5000 },
    );
  });
});

/** How many of the first bytes are whole characters. */
function longestText(bytes: Uint8Array): number {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for (let length = bytes.length; length > 0; length -= 1) {
    try {
      decoder.decode(bytes.subarray(0, length));
      return length;
    } catch {
      // One byte fewer may be a text.
    }
  }
  return 0;
}
