import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { openReadCounts, passingReadCounts } from "../../src/store/read-counts.js";
import { testFolder } from "../support/folder.js";

const november = Date.UTC(2026, 10, 30, 23, 59);
const december = Date.UTC(2026, 11, 1);

test("reads are counted by account and month, those of several processes together", () => {
  const { path } = testFolder();
  let now = november;
  const [first, second] = [openReadCounts(path, () => now), openReadCounts(path, () => now)];
  for (let index = 0; index < 3; index += 1) first.count("a");
  second.count("a");
  second.count("a acct_1");
  first.flush();
  second.flush();
  first.count("a");
  expect(first.readsOf("a")).toBe(5);
  now = december;
  expect(first.readsOf("a")).toBe(0);
  first.count("a");
  expect(first.months()).toEqual([
    { account: "a", month: "2026-12", reads: 1 },
    { account: "a", month: "2026-11", reads: 5 },
    { account: "a acct_1", month: "2026-11", reads: 1 },
  ]);
  first.close();
  second.close();
});

test("what was counted is kept at the end", () => {
  const { path } = testFolder();
  const counts = openReadCounts(path, () => november);
  counts.count("a");
  counts.close();
  const again = openReadCounts(path, () => november);
  expect(again.readsOf("a")).toBe(1);
  again.close();
});

test("what was counted is kept soon after, in one piece, and no statement waits for it", () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { path } = testFolder();
  const [counts, other] = [openReadCounts(path, () => november), openReadCounts(path, () => november)];
  for (let index = 0; index < 1000; index += 1) counts.count("a");
  expect(other.readsOf("a")).toBe(0);
  vi.advanceTimersByTime(1000);
  expect(other.readsOf("a")).toBe(1000);
  counts.close();
  counts.count("a");
  vi.advanceTimersByTime(1000);
  expect(other.readsOf("a")).toBe(1000);
  other.close();
});

test("a damaged file, or none, costs no statement", () => {
  const { path } = testFolder();
  writeFileSync(join(path, "reads.sqlite"), "no database at all, and long enough to be looked at as one".repeat(40));
  for (const counts of [openReadCounts(path, () => november), passingReadCounts(() => november)]) {
    counts.count("a");
    expect(counts.readsOf("a")).toBe(1);
    expect(counts.months()).toEqual([{ account: "a", month: "2026-11", reads: 1 }]);
    counts.close();
  }
});
