import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { KeptBytes } from "../../src/store/kept-bytes.js";
import { testFolder } from "../support/folder.js";

describe("bytes that are kept", () => {
  it("are read again, by their owner alone", () => {
    const cachePath = join(testFolder().path, "new");
    new KeptBytes({ cachePath }).keep("a.bin", Uint8Array.from([1, 2]));
    expect([...(new KeptBytes({ cachePath }).read("a.bin") ?? [])]).toEqual([1, 2]);
    expect(readdirSync(cachePath)).toEqual(["a.bin"]);
    expect(statSync(join(cachePath, "a.bin")).mode & 0o777).toBe(0o600);
    expect(new KeptBytes({ cachePath }).read("b.bin")).toBeUndefined();
  });

  it("are told of where the folder cannot be written", () => {
    const cachePath = join(testFolder().path, "file");
    writeFileSync(cachePath, "");
    const told: string[] = [];
    const kept = new KeptBytes({ cachePath, onUnkept: (folder, { code }) => told.push(`${folder} ${code}`) });
    kept.keep("a.bin", Uint8Array.from([1]));
    expect(told).toEqual([expect.stringContaining(cachePath)]);
    expect(kept.read("a.bin")).toBeUndefined();
  });
});
