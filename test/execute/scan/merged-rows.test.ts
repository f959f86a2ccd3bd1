import { expect, test } from "vitest";
import { mergedNewestFirst } from "../../../src/execute/scan/merged-rows.js";
import type { RowBatch } from "../../../src/execute/scan/row-batch.js";

/** A list of pages, each of moments; `asked` counts the pages that were asked for. */
function listOf(name: string, pages: readonly (readonly number[])[], asked: string[] = []) {
  return (async function* (): AsyncGenerator<RowBatch> {
    try {
      for (const page of pages) {
        asked.push(name);
        yield { objects: page.map((created) => ({ id: `${name}${created}`, created })), constants: {} };
      }
    } finally {
      asked.push(`${name} ended`);
    }
  })();
}

async function merged(...lists: readonly AsyncGenerator<RowBatch>[]): Promise<readonly unknown[]> {
  const ids: unknown[] = [];
  for await (const { objects } of mergedNewestFirst(lists, ["created"])) for (const { id } of objects) ids.push(id);
  return ids;
}

test("lists of newest rows first are one", async () => {
  expect(await merged(listOf("a", [[9, 7], [], [3]]), listOf("b", [[8, 7, 2]]), listOf("c", []))).toEqual([
    "a9",
    "b8",
    "a7",
    "b7",
    "a3",
    "b2",
  ]);
  expect(await merged()).toEqual([]);
});

test("rows without a moment come after those of their list", async () => {
  const odd = (async function* (): AsyncGenerator<RowBatch> {
    yield { objects: [{ id: "none" }], constants: {} };
  })();
  expect(await merged(odd, listOf("a", [[1]]))).toEqual(["a1", "none"]);
});

test("a page is asked for when its first row may be the next, and all lists end with the reader", async () => {
  const asked: string[] = [];
  for await (const { objects } of mergedNewestFirst(
    [listOf("a", [[9], [8], [1]], asked), listOf("b", [[5], [4]], asked)],
    ["created"],
  ))
    if (objects[0]?.["id"] === "a8") break;
  expect(asked).toEqual(["a", "b", "a", "a ended", "b ended"]);
});
