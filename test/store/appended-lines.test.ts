import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { AppendedLines } from "../../src/store/appended-lines.js";
import { testFolder } from "../support/folder.js";

const linesOf = (file: string): readonly string[] => readFileSync(file, "utf8").split("\n").slice(0, -1);

it.each([
  ["a folder", () => testFolder().path],
  ["a folder that is not there", () => join(testFolder().path, "none", "lines")],
  ["a device", () => "/dev/null"],
])("%s takes none", async (_, path) => {
  await expect(AppendedLines.open(path())).rejects.toThrow();
});

it("a pipe that nobody reads takes none, and is not waited for", async () => {
  const pipe = join(testFolder().path, "pipe");
  execFileSync("mkfifo", [pipe]);
  await expect(AppendedLines.open(pipe)).rejects.toThrow("ENXIO");
});

it("lines go behind those that are there, in their order, in a file of its owner's alone", async () => {
  const file = join(testFolder().path, "lines");
  for (const names of [["a", "b"], ["c"]]) {
    const lines = await AppendedLines.open(file);
    await Promise.all(names.map((name) => lines.append(name)));
    expect(lines.missing).toBe(0);
    await lines.close();
  }
  expect(linesOf(file)).toEqual(["a", "b", "c"]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it("lines of several that append at once are whole", async () => {
  const file = join(testFolder().path, "lines");
  const several = await Promise.all([1, 2, 3, 4].map(() => AppendedLines.open(file)));
  const text = "x".repeat(9_000);
  await Promise.all(several.flatMap((lines) => Array.from({ length: 20 }, () => lines.append(text))));
  for (const lines of several) await lines.close();
  expect(linesOf(file)).toEqual(Array.from({ length: 80 }, () => text));
});

it("a line that could not be written fails, counts as missing, and is tried again with the next", async () => {
  const file = join(testFolder().path, "lines");
  const lines = await AppendedLines.open(file);
  await lines.append("a");
  await lines.close();
  await expect(lines.append("b")).rejects.toThrow();
  await expect(lines.append("c")).rejects.toThrow();
  expect(lines.missing).toBe(2);
  expect(linesOf(file)).toEqual(["a"]);
});
