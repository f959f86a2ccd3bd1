import { afterEach, describe, expect, it } from "vitest";
import { KeptRows } from "../../../src/gateway/session/kept-rows.js";
import { message, text } from "../../support/wire-bytes.js";

const open: KeptRows[] = [];
afterEach(async () => {
  for (const kept of open.splice(0)) await kept.close();
});

/** Rows of some bytes each, which say their numbers. */
async function keeping(count: number, { size = 10, maxFileBytes = 1e9 } = {}): Promise<KeptRows> {
  const kept = new KeptRows({ maxFileBytes });
  open.push(kept);
  for (let first = 0; first < count; first += 7) {
    const rows = Array.from({ length: Math.min(7, count - first) }, (_, index) => first + index);
    const bytes = Buffer.concat(rows.map((row) => message("D", text(String(row).padStart(size, " ")))));
    await kept.add({ bytes, count: rows.length });
  }
  return kept;
}

async function numbers(rows: AsyncGenerator<{ readonly bytes: Uint8Array; readonly count: number }>) {
  const found: number[] = [];
  for await (const { bytes, count } of rows) {
    const all = Buffer.from(bytes);
    const before = found.length;
    for (let at = 0; at < all.length; at += 1 + all.readInt32BE(at + 1))
      found.push(Number(all.toString("utf8", at + 5, at + 1 + all.readInt32BE(at + 1))));
    expect(found.length - before).toBe(count);
  }
  return found;
}

const range = (from: number, end: number) => Array.from({ length: end - from }, (_, index) => from + index);

describe("rows that are kept", () => {
  it.each([10, 20_000])("are read from anywhere, both ways: %i bytes each", async (size) => {
    const kept = await keeping(100, { size });
    expect(kept.count).toBe(100);
    for (const [from, end] of [
      [0, 100],
      [3, 4],
      [6, 8],
      [50, 50],
      [93, 100],
    ] as const) {
      expect(await numbers(kept.forward(from, end))).toEqual(range(from, end));
      expect(await numbers(kept.backward(end, from))).toEqual(range(from, end).reverse());
    }
  });

  it("fill no disk", async () => {
    await expect(keeping(100, { size: 20_000, maxFileBytes: 500_000 })).rejects.toMatchObject({ sqlState: "53400" });
  });
});
