import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { KeptWrites } from "../../src/store/writes/kept-writes.js";
import { openWritesFile } from "../../src/store/writes/writes-file.js";
import { testFolder } from "../support/folder.js";
import { connectSandbox } from "../support/sandbox-connection.js";

const folder = testFolder();
const stripe = connectSandbox({ customers: 3 });
const file = join(folder.path, "writes.sqlite");

/** What stood in the journal's files when a request had arrived. */
interface Moment {
  readonly database: Buffer;
  readonly log: Buffer;
}

const moments: Moment[] = [];
let keys: readonly string[] = [];

/** One call after the other, so that nothing is committed while one is under way. */
beforeAll(async () => {
  const connection = await stripe.open({ cachePath: folder.path });
  const rewrite = (answer: unknown): unknown => {
    moments.push({ database: readFileSync(file), log: readFileSync(`${file}-wal`) });
    return answer;
  };
  stripe.sandbox.faults.add({ method: "POST", times: 1000, effect: { kind: "rewrite", rewrite } });
  const rows = Array.from({ length: 150 }, (_, index) => `('${index}')`).join(", ");
  await connection.query(`INSERT INTO Customer (Name) VALUES ${rows}`);
  const posts = stripe.sandbox.requests.entries.filter(({ method }) => method === "POST");
  keys = posts.map(({ idempotencyKey }) => idempotencyKey ?? "");
});

/** The calls that the journal knows as sent or more, by their keys, once power is back. */
function knownAfter({ database, log }: Moment): ReadonlySet<string | undefined> {
  const copy = join(testFolder().path, "writes.sqlite");
  writeFileSync(copy, database);
  writeFileSync(`${copy}-wal`, log);
  const opened = openWritesFile(copy, Date.now());
  try {
    const ids = opened.prepare<unknown[], string>("SELECT id FROM write_1").pluck().all();
    const writes = new KeptWrites(opened, Date.now);
    const calls = ids.flatMap((id) => writes.calls(id)).filter(({ state }) => state !== "planned");
    return new Set(calls.map(({ idempotencyKey }) => idempotencyKey));
  } finally {
    opened.close();
  }
}

const header = 32;
const frame = 24 + 4096;

/** Lengths at which a write of the log's next part may have been cut: at each frame's ends, and within them. */
function cuts(from: number, to: number): readonly number[] {
  const found: number[] = [];
  for (let start = from; start < to; start += frame)
    found.push(start, start + 1, start + 24, start + 2000, start + frame - 1);
  return found.filter((length) => length >= from && length < to);
}

test("a commit is on the disk when it returns", () => {
  const opened = openWritesFile(join(testFolder().path, "writes.sqlite"), 0);
  expect([opened.pragma("synchronous", { simple: true }), opened.pragma("journal_mode", { simple: true })]).toEqual([
    2,
    "wal",
  ]);
  opened.close();
});

test("whatever had been sent when power was lost, the journal knows as sent", () => {
  expect(moments).toHaveLength(150);
  for (const [index, moment] of moments.entries()) {
    if (index % 5 !== 0 && index > 20) continue;
    expect(knownAfter(moment).has(keys[index])).toBe(true);
  }
});

test("what is written when power is lost may be cut anywhere: all that was sent before stays known", () => {
  let tried = 0;
  for (const [index, moment] of moments.entries()) {
    const next = moments[index + 1];
    if (next === undefined || next.log.length === moment.log.length) continue;
    expect((moment.log.length - header) % frame).toBe(0);
    for (const length of cuts(moment.log.length, next.log.length)) {
      tried += 1;
      const torn = { database: next.database, log: next.log.subarray(0, length) };
      const known = knownAfter(torn);
      expect(keys.slice(0, index + 1).filter((key) => !known.has(key))).toEqual([]);
    }
    const garbled = Buffer.concat([next.log.subarray(0, moment.log.length), Buffer.alloc(frame, 7)]);
    const known = knownAfter({ database: next.database, log: garbled });
    expect(keys.slice(0, index + 1).filter((key) => !known.has(key))).toEqual([]);
  }
  expect(tried).toBeGreaterThan(20);
});
