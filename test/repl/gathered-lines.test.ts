import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { GatheredLines } from "../../src/repl/gathered-lines.js";

it("lines that come together are one write, in their order, and none is written twice", () => {
  const stream = new PassThrough();
  const written: string[] = [];
  stream.on("data", (chunk) => written.push(String(chunk)));
  const lines = new GatheredLines(stream);
  lines.write("one\n");
  lines.write("two\n");
  lines.flush();
  lines.flush();
  lines.write("three\n");
  lines.flush();
  expect(written).toEqual(["one\ntwo\n", "three\n"]);
});

it("a line that nobody flushes is written all the same", async () => {
  const stream = new PassThrough();
  new GatheredLines(stream).write("alone\n");
  expect(String((await stream[Symbol.asyncIterator]().next()).value)).toBe("alone\n");
});
