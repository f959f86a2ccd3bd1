import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { spillFolder } from "../../src/store/spill-folder.js";
import { testFolder } from "../support/folder.js";

const temporary = testFolder();

afterEach(() => vi.unstubAllEnvs());

/** A number that no process has: those of Linux are at most 2 to the 22nd. */
const noProcess = 2 ** 22 + 1;

function spilled(path: string): string {
  mkdirSync(path);
  writeFileSync(join(path, "rows.tmp"), "rows");
  return path;
}

test("what a killed process has spilled is gone once another engine opens; what is used or another system's stays", () => {
  vi.stubEnv("TMPDIR", temporary.path);
  const own = spillFolder() ?? "";
  const folder = dirname(own);
  const [, host = "", pid = "", started = ""] = basename(own).split("-");
  expect(pid).toBe(String(process.pid));
  const used = spilled(own);
  const abandoned = spilled(join(folder, `spill-${host}-${noProcess}-${started}-1`));
  const numberTaken = spilled(join(folder, `spill-${host}-${pid}-1-2`));
  const elsewhere = spilled(join(folder, `spill-0123456789abcdef-${noProcess}-${started}-3`));
  const others = spilled(join(folder, "something-else"));
  expect(spillFolder()).not.toBe(own);
  expect([used, abandoned, numberTaken, elsewhere, others].map(existsSync)).toEqual([true, false, false, true, true]);
});

test("where the system's temporary folder cannot be written nothing is spilled, and no statement fails for that alone", () => {
  const file = join(temporary.path, "a-file");
  writeFileSync(file, "");
  vi.stubEnv("TMPDIR", join(file, "folder"));
  expect(spillFolder()).toBeUndefined();
});
