import { describe, expect, it } from "vitest";
import { sendInLanes } from "../../../src/execute/write/send-in-lanes.js";

interface Item {
  readonly name: string;
  readonly lane?: string;
}

/** Work that ends when the test says so. */
class Work {
  readonly begun: string[] = [];
  readonly #ends = new Map<string, { readonly resolve: () => void; readonly reject: (reason: unknown) => void }>();
  width = 2;
  hasEnded = false;
  readonly done: Promise<void>;

  constructor(items: readonly Item[]) {
    this.done = sendInLanes(items, {
      width: () => this.width,
      laneOf: ({ lane }) => lane,
      work: ({ name }) => {
        this.begun.push(name);
        return new Promise((resolve, reject) => this.#ends.set(name, { resolve, reject }));
      },
      hasEnded: () => this.hasEnded,
    });
  }

  async end(name: string, failure?: Error): Promise<void> {
    const ending = this.#ends.get(name);
    if (failure === undefined) ending?.resolve();
    else ending?.reject(failure);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const free = (...names: readonly string[]): readonly Item[] => names.map((name) => ({ name }));

describe("what is sent side by side", () => {
  it("is nothing where there is nothing", async () => {
    await expect(new Work([]).done).resolves.toBeUndefined();
  });

  it("begins in its order, as many at once as are wanted at the time", async () => {
    const work = new Work(free("a", "b", "c", "d", "e"));
    expect(work.begun).toEqual(["a", "b"]);
    await work.end("b");
    expect(work.begun).toEqual(["a", "b", "c"]);
    work.width = 4;
    await work.end("a");
    expect(work.begun).toEqual(["a", "b", "c", "d", "e"]);
  });

  it("begins fewer once fewer are wanted, but one at least", async () => {
    const work = new Work(free("a", "b", "c"));
    work.width = 0;
    await work.end("a");
    expect(work.begun).toEqual(["a", "b"]);
    await work.end("b");
    expect(work.begun).toEqual(["a", "b", "c"]);
  });

  it("goes one after the other where it is of one lane, and others go on meanwhile", async () => {
    const items = [
      { name: "a1", lane: "a" },
      { name: "a2", lane: "a" },
      { name: "a3", lane: "a" },
      { name: "b1", lane: "b" },
      { name: "c" },
    ];
    const work = new Work(items);
    expect(work.begun).toEqual(["a1", "b1"]);
    await work.end("a1");
    expect(work.begun).toEqual(["a1", "b1", "a2"]);
    await work.end("b1");
    expect(work.begun).toEqual(["a1", "b1", "a2", "c"]);
    await work.end("a2");
    expect(work.begun).toEqual(["a1", "b1", "a2", "c", "a3"]);
    await work.end("c");
    await work.end("a3");
    await work.done;
  });

  it("waits for what is under way where it ends before the others", async () => {
    const work = new Work(free("a", "b", "c"));
    work.hasEnded = true;
    await work.end("a");
    expect(work.begun).toEqual(["a", "b"]);
    let isDone = false;
    void work.done.then(() => {
      isDone = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isDone).toBe(false);
    await work.end("b");
    await work.done;
  });

  it("throws what was thrown, once nothing is under way", async () => {
    const work = new Work(free("a", "b", "c"));
    const done = expect(work.done).rejects.toThrow("broken");
    await work.end("a", new Error("broken"));
    expect(work.begun).toEqual(["a", "b"]);
    await work.end("b");
    await done;
  });

  it("holds many of one lane without going through them again and again", async () => {
    const items = Array.from({ length: 100_000 }, (_, index) => ({ name: String(index), lane: "one" }));
    const names: string[] = [];
    const work = async ({ name }: Item) => void names.push(name);
    await sendInLanes(items, { width: () => 8, laneOf: ({ lane }) => lane, work, hasEnded: () => false });
    expect(names).toEqual(items.map(({ name }) => name));
  });
});
