import { expect, test } from "vitest";
import { openKeptRows } from "../../../src/store/kept/kept-rows-file.js";
import { KeptRowsStore } from "../../../src/store/kept/kept-rows-store.js";

const minute = 60_000;
const owner = { side: "https://api.stripe.com test", owner: "key" };

function openStore(maximumBytes = 1_000_000) {
  const database = openKeptRows(":memory:");
  if (database === undefined) throw new Error("SQLite does not open");
  const clock = { ms: 1_000_000_000 };
  const store = new KeptRowsStore(database, { maximumBytes, now: () => clock.ms });
  const begin = () => store.begin(owner.side, minute);
  const keep = (place: string, bytes = 10): boolean => {
    const draft = begin();
    draft?.add({ keys: `\n${place}\n`, objects: new Uint8Array(bytes), rows: 1 });
    return (
      draft?.finish({ place, collection: "customers", conditions: "{}", facts: "{}", owner: owner.owner }) ?? false
    );
  };
  const isKept = (place: string): boolean => store.lists(owner, place, 0).length > 0;
  return { store, clock, begin, keep, isKept };
}

test("a list is found once it is whole, and not before", () => {
  const { store, begin, isKept } = openStore();
  const draft = begin();
  draft?.add({ keys: "\na\n", objects: new Uint8Array(3), rows: 1 });
  expect(isKept("list")).toBe(false);
  draft?.finish({ place: "list", collection: undefined, conditions: "{}", facts: "{}", owner: owner.owner });
  expect(store.lists(owner, "list", 0)).toMatchObject([{ rows: 1, pages: 1, conditions: "{}" }]);
  expect(store.lists({ ...owner, owner: "another" }, "list", 0)).toEqual([]);
});

test("a list of no rows is kept too", () => {
  const { store, begin } = openStore();
  begin()?.finish({ place: "none", collection: undefined, conditions: "{}", facts: "{}", owner: owner.owner });
  expect(store.lists(owner, "none", 0)).toMatchObject([{ rows: 0, pages: 0 }]);
});

test("the list that was used longest ago makes room", () => {
  const { store, clock, keep, isKept } = openStore(100);
  for (const place of ["a", "b", "c"]) {
    expect(keep(place, 27)).toBe(true);
    clock.ms += 1;
  }
  const [first] = store.lists(owner, "a", 0);
  if (first !== undefined) store.touch(first);
  clock.ms += 1;
  expect(keep("d", 27)).toBe(true);
  expect(["a", "b", "c", "d"].filter(isKept)).toEqual(["a", "c", "d"]);
});

test("a list that is more than all that may be kept is given up, and makes no room", () => {
  const { begin, keep, isKept } = openStore(100);
  keep("a", 27);
  const draft = begin();
  expect(draft?.add({ keys: "", objects: new Uint8Array(60), rows: 1 })).toBe(true);
  expect(draft?.add({ keys: "", objects: new Uint8Array(60), rows: 1 })).toBe(false);
  expect(isKept("a")).toBe(true);
});

test("a change ends what is being read, and what begins before it ends", () => {
  const { store, begin, keep, isKept } = openStore();
  keep("before");
  const draft = begin();
  const change = store.beginChange(owner.side);
  expect(isKept("before")).toBe(false);
  expect(begin()).toBeUndefined();
  store.endChange(owner.side, change);
  expect(
    draft?.finish({ place: "during", collection: undefined, conditions: "{}", facts: "{}", owner: owner.owner }),
  ).toBe(false);
  expect(keep("after")).toBe(true);
});

test("a change of another server or mode leaves a side's rows", () => {
  const { store, keep, isKept } = openStore();
  keep("list");
  store.endChange("https://api.stripe.com live", store.beginChange("https://api.stripe.com live"));
  expect(isKept("list")).toBe(true);
});

test("a change whose end is never told keeps rows from being kept for ten minutes", () => {
  const { store, clock, keep } = openStore();
  store.beginChange(owner.side);
  clock.ms += 9 * minute;
  expect(keep("early")).toBe(false);
  clock.ms += minute;
  expect(keep("late")).toBe(true);
});

test("who reads a list that is dropped may read on for ten minutes, and then it is gone", () => {
  const { store, clock, keep } = openStore();
  keep("list");
  const [list] = store.lists(owner, "list", 0);
  if (list === undefined) throw new Error("nothing was kept");
  store.endChange(owner.side, store.beginChange(owner.side));
  expect(store.pages(list, 0, 1)).toHaveLength(1);
  clock.ms += 11 * minute;
  keep("another");
  expect(store.pages(list, 0, 1)).toEqual([]);
});

test("a list whose time has passed is removed, as is a draft that nobody ended", () => {
  const { store, clock, begin, keep } = openStore();
  keep("old");
  const [old] = store.lists(owner, "old", 0);
  begin()?.add({ keys: "", objects: new Uint8Array(5), rows: 1 });
  clock.ms += 12 * minute;
  keep("new");
  expect(old && store.pages(old, 0, 1)).toEqual([]);
  expect(store.forget(undefined)).toEqual({ lists: 1, rows: 1 });
});

test("of two lists that say the same the later one is kept", () => {
  const { store, clock, keep } = openStore();
  keep("list");
  clock.ms += 5;
  keep("list");
  expect(store.lists(owner, "list", 0)).toMatchObject([{ begunMs: clock.ms }]);
});

test("an object is found in the latest list that holds its key", () => {
  const { store, clock, keep } = openStore();
  keep("cus_1");
  clock.ms += 5;
  keep("cus_12");
  expect(store.pageOf(owner, "customers", "cus_1", 0)?.list.begunMs).toBe(clock.ms - 5);
  expect(store.pageOf(owner, "customers", "cus", 0)).toBeUndefined();
});

test("what is forgotten while it is read is not kept", () => {
  const { store, begin } = openStore();
  const draft = begin();
  draft?.add({ keys: "", objects: new Uint8Array(5), rows: 1 });
  store.forget(undefined);
  expect(draft?.add({ keys: "", objects: new Uint8Array(5), rows: 1 })).toBe(false);
});
