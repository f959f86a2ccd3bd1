import { describe, expect, it } from "vitest";
import { RowSpool } from "../../../src/execute/postgres/row-spool.js";

const megabyte = 1024 * 1024;
const piece = (value: number): Uint8Array => new Uint8Array(megabyte).fill(value);

describe("a spool of rows", () => {
  it("gives them in their order, from memory and from its file, with the error behind them", async () => {
    const spool = new RowSpool();
    for (let value = 0; value < 20; value += 1) expect(await spool.write(piece(value))).toBe(true);
    spool.finish(new RangeError("failed"));
    for (let value = 0; value < 20; value += 1) expect((await spool.read())?.[megabyte - 1]).toBe(value);
    await expect(spool.read()).rejects.toThrow("failed");
    await spool.close();
  });

  it("takes no more once nobody reads, also where its file was being opened", async () => {
    const spool = new RowSpool();
    for (let value = 0; value < 8; value += 1) await spool.write(piece(value));
    const [written] = await Promise.all([spool.write(piece(8)), spool.close()]);
    expect(written).toBe(false);
    expect(await spool.write(piece(9))).toBe(false);
  });

  it("fails where more waits to be read than its file may hold", async () => {
    const spool = new RowSpool({ maxFileBytes: 2 * megabyte });
    for (let value = 0; value < 10; value += 1) await spool.write(piece(value));
    await expect(spool.write(piece(10))).rejects.toMatchObject({ sqlState: "53400" });
    for (let value = 0; value < 10; value += 1) expect((await spool.read())?.[0]).toBe(value);
    // What was read makes room.
    for (let value = 0; value < 10; value += 1) await spool.write(piece(value));
    await spool.close();
  });
});
