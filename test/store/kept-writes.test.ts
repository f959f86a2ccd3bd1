import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { ProcessIdentity } from "../../src/store/process-identity.js";
import { thisProcess } from "../../src/store/process-identity.js";
import type { PlannedCall } from "../../src/store/writes/kept-write.js";
import type { KeptWrites } from "../../src/store/writes/kept-writes.js";
import { OpenWrite } from "../../src/store/writes/open-write.js";
import { WritesStore } from "../../src/store/writes/writes-store.js";
import { testFolder } from "../support/folder.js";

const day = 24 * 3600 * 1000;

function storeIn(path: string, now: () => number = () => 1000): WritesStore {
  const store = new WritesStore(join(path, "writes.sqlite"), now);
  onTestFinished(() => store.close());
  return store;
}

const planned = (place: number): PlannedCall => ({
  place,
  method: "POST",
  path: "/v1/customers",
  endpointPath: "/v1/customers",
  apiBase: "api",
  accountId: undefined,
  objectId: undefined,
  parameters: '{"name":"x"}',
  isWhole: true,
  idempotencyKey: `key-${place}`,
});

function begin(writes: KeptWrites, { id = "w-1", account = "a", calls = 3, sent = [0], owner = thisProcess() } = {}) {
  const places = Array.from({ length: calls }, (_, place) => place);
  const write = { id, account, command: "INSERT Customer", statement: "INSERT …", facts: "{}" };
  writes.begin({ ...write, calls: places.map(planned) }, owner, sent);
  return owner;
}

const written = (place: number) =>
  ({ place, state: "written", id: `cus_${place}`, requestId: "req_1", message: undefined }) as const;

test("a write and what became of it are there again after a process without an end", () => {
  const { path } = testFolder();
  const writes = storeIn(path).open();
  const owner = begin(writes);
  writes.advance("w-1", owner, { sent: [1], settled: [written(0)] });
  const again = storeIn(path).open();
  expect(again.find("a", "w-1")).toMatchObject({
    command: "INSERT Customer",
    endedMs: undefined,
    counts: { planned: 1, sent: 1, written: 1, failed: 0, "in doubt": 0, "no match": 0 },
  });
  expect(again.calls("w-1")).toMatchObject([
    { state: "written", id: "cus_0", requestId: "req_1", settledMs: 1000, idempotencyKey: "key-0" },
    { state: "sent", sentMs: 1000, settledMs: undefined, parameters: '{"name":"x"}', isWhole: true },
    { state: "planned", sentMs: undefined },
  ]);
});

test("its file is its owner's alone, and its commits are on the disk before they return", () => {
  const { path } = testFolder();
  begin(storeIn(path).open());
  for (const name of ["writes.sqlite", "writes.sqlite-wal", "writes.sqlite-shm"])
    expect(statSync(join(path, name)).mode & 0o777).toBe(0o600);
});

test("an account sees its own writes alone", () => {
  const writes = storeIn(testFolder().path).open();
  begin(writes);
  begin(writes, { id: "w-2", account: "b" });
  expect(writes.writes("a").map(({ id }) => id)).toEqual(["w-1"]);
  expect(writes.find("a", "w-2")).toBeUndefined();
  expect(writes.has("w-2")).toBe(true);
});

test("nothing is opened where nothing was ever kept", () => {
  const { path } = testFolder();
  const store = storeIn(path);
  expect(store.ifAny()).toBeUndefined();
  store.open();
  expect(storeIn(path).ifAny()?.writes("a")).toEqual([]);
});

test("writes are forgotten after 45 days, unless somebody is at them", () => {
  const { path } = testFolder();
  let now = 0;
  const writes = storeIn(path, () => now).open();
  writes.release("w-1", begin(writes));
  begin(writes, { id: "w-2" });
  now = 44 * day;
  expect(
    storeIn(path, () => now)
      .open()
      .writes("a"),
  ).toHaveLength(2);
  now = 46 * day;
  const later = storeIn(path, () => now).open();
  expect(later.writes("a").map(({ id }) => id)).toEqual(["w-2"]);
  expect(later.calls("w-1")).toEqual([]);
});

test("a write belongs to one at a time: whoever is there, or may be, is not robbed of it", () => {
  const writes = storeIn(testFolder().path).open();
  const owner = begin(writes);
  const other = thisProcess();
  expect(writes.take("w-1", other)).toMatchObject({ kind: "held", owner, beats: 0 });
  const far: ProcessIdentity = { ...thisProcess(), host: "another machine" };
  begin(writes, { id: "w-2", owner: far });
  expect(writes.take("w-2", other)).toMatchObject({ kind: "held", owner: far });
  writes.release("w-1", owner);
  expect(writes.take("w-1", other)).toEqual({ kind: "taken" });
  expect(writes.advance("w-1", owner, { sent: [2], settled: [] })).toBe(false);
  expect(writes.calls("w-1")[2]).toMatchObject({ state: "planned" });
  expect(writes.take("w-3", other)).toEqual({ kind: "forgotten" });
});

test("a process that has ended holds nothing, and neither does another one of its number", () => {
  const writes = storeIn(testFolder().path).open();
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  begin(writes, { owner: { ...thisProcess(), pid, started: "1" } });
  begin(writes, { id: "w-2", owner: { ...thisProcess(), started: "1" } });
  for (const id of ["w-1", "w-2"]) expect(writes.take(id, thisProcess())).toEqual({ kind: "taken" });
});

test("a silent owner loses its write, one that gave a sign of life since does not", () => {
  const writes = storeIn(testFolder().path).open();
  const owner = begin(writes, { owner: { ...thisProcess(), host: "another machine" } });
  writes.advance("w-1", owner, { sent: [], settled: [] });
  expect(writes.take("w-1", thisProcess(), 0)).toMatchObject({ kind: "held", beats: 1 });
  expect(writes.take("w-1", thisProcess(), 1)).toEqual({ kind: "taken" });
});

test("calls are let out many by one commit, in their order, and not by one who has lost the write", () => {
  const writes = storeIn(testFolder().path).open();
  const owner = begin(writes, { calls: 100, sent: [] });
  const places = Array.from({ length: 100 }, (_, place) => place);
  const open = new OpenWrite("w-1", writes, { owner, waiting: places });
  const sent = () => writes.calls("w-1").filter(({ state }) => state === "sent").length;
  open.letOut(0);
  expect(sent()).toBe(8);
  for (const place of places.slice(0, 8)) open.letOut(place);
  expect(sent()).toBe(8);
  open.letOut(8);
  expect(sent()).toBe(24);
  open.settle(written(0));
  expect(writes.calls("w-1")[0]?.state).toBe("sent");
  writes.take("w-1", thisProcess(), writes.take("w-1", thisProcess()).kind === "held" ? 2 : undefined);
  expect(() => open.letOut(24)).toThrow("another process goes on with write w-1");
  expect(() => open.letOut(3)).toThrow("another process goes on with write w-1");
  expect(() => open.end()).toThrow("another process goes on with write w-1");
  expect(sent()).toBe(24);
});

test("the end of a write keeps the rest and lets go of it", () => {
  const writes = storeIn(testFolder().path).open();
  const open = new OpenWrite("w-1", writes, { owner: begin(writes), waiting: [1, 2] });
  open.settle(written(0));
  open.end();
  expect(writes.find("a", "w-1")).toMatchObject({
    owner: undefined,
    endedMs: 1000,
    counts: { written: 1, planned: 2 },
  });
});
