import { readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
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

  it("go where those of a prefix take too much room, those first that were not read for the longest time", () => {
    const cachePath = testFolder().path;
    const kept = new KeptBytes({ cachePath, room: { prefix: "state-", mostBytes: 20 } });
    const bytes = new Uint8Array(8);
    new KeptBytes({ cachePath }).keep("other.bin", new Uint8Array(100));
    kept.keep("state-a", bytes);
    kept.keep("state-b", bytes);
    const longAgo = new Date("2026-01-01T00:00:00Z");
    for (const name of ["state-a", "state-b"]) utimesSync(join(cachePath, name), longAgo, longAgo);
    expect(kept.read("state-a")).toHaveLength(8);
    kept.keep("state-c", bytes);
    expect(readdirSync(cachePath).sort()).toEqual(["other.bin", "state-a", "state-c"]);
  });
});
