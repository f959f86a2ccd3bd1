import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "../support/built-program.js";
import { testFolder } from "../support/folder.js";

interface CodeCache {
  read(name: string, source: Buffer): Buffer | undefined;
  keep(name: string, source: Buffer, code: Buffer): void;
}

let CodeCache: new (folder: string) => CodeCache;

beforeAll(() => {
  ensureBuilt();
  ({ CodeCache } = createRequire(import.meta.url)("../../dist/repl/code-cache.cjs"));
});

const source = Buffer.from("exports.answer = 42;");
const code = Buffer.from("what V8 made of it");

/** A cache that holds the code of main.cjs, and its file. */
function filledCache() {
  const folder = join(testFolder().path, "of", "its", "own");
  const cache = new CodeCache(folder);
  cache.keep("main.cjs", source, code);
  return { cache, folder, file: join(folder, "main.cjs") };
}

describe("code that was kept", () => {
  it("is there for the same source", () => {
    expect(filledCache().cache.read("main.cjs", source)).toEqual(code);
  });

  it("is not there for another source of the same length, nor for another script", () => {
    const { cache } = filledCache();
    expect(cache.read("main.cjs", Buffer.from("exports.answer = 43;"))).toBeUndefined();
    expect(cache.read("other.cjs", source)).toBeUndefined();
  });

  it("is not there where its file is damaged, wherever that is", () => {
    const { cache, file } = filledCache();
    const whole = readFileSync(file);
    for (let at = 0; at < whole.length; at += 1) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      writeFileSync(file, damaged);
      expect(cache.read("main.cjs", source)).toBeUndefined();
      writeFileSync(file, whole.subarray(0, at));
      expect(cache.read("main.cjs", source)).toBeUndefined();
    }
    writeFileSync(file, whole);
    expect(cache.read("main.cjs", source)).toEqual(code);
  });

  it("is not read from a file that others can write, since it runs", () => {
    const { cache, file } = filledCache();
    chmodSync(file, 0o620);
    expect(cache.read("main.cjs", source)).toBeUndefined();
  });

  it("is its owner's alone, and leaves nothing else behind", () => {
    const { cache, folder, file } = filledCache();
    cache.keep("main.cjs", source, code);
    expect(readdirSync(folder)).toEqual(["main.cjs"]);
    expect([statSync(folder).mode & 0o777, statSync(file).mode & 0o777]).toEqual([0o700, 0o600]);
  });

  it("is not kept where its folder was removed while the program ran", () => {
    const { cache, folder } = filledCache();
    rmSync(folder, { recursive: true });
    cache.keep("main.cjs", source, code);
    expect(existsSync(folder)).toBe(false);
  });

  it("is given up where the folder cannot be written", () => {
    const file = testFolder().write("no-folder", "");
    const cache = new CodeCache(join(file, "below"));
    cache.keep("main.cjs", source, code);
    expect(cache.read("main.cjs", source)).toBeUndefined();
  });
});
