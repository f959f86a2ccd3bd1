import { describe, expect, it } from "vitest";
import { shareMemory } from "../../../src/execute/postgres/worker/share-memory.js";

const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const name = (text: string): readonly number[] => [text.length, ...Buffer.from(text)];
const section = (id: number, body: readonly number[]): readonly number[] => [id, body.length, ...body];
const customSection = section(0, [...name("dylink.0"), 1, 2, 3]);
const typeSection = section(1, [1, 0x60, 0, 0]);

/** A module that imports a function, a global, a table and then a memory of the given limits. */
function moduleWith(limits: readonly number[]): Uint8Array {
  const imports = [
    [...name("env"), ...name("f"), 0, 0],
    [...name("env"), ...name("g"), 3, 0x7f, 0],
    [...name("env"), ...name("t"), 1, 0x70, 0, 1],
    [...name("env"), ...name("memory"), 2, ...limits],
    [...name("env"), ...name("h"), 0, 0],
  ];
  return Uint8Array.from([
    ...header,
    ...customSection,
    ...typeSection,
    ...section(2, [imports.length, ...imports.flat()]),
  ]);
}

describe("a module whose memory is to be shared", () => {
  it.each([
    ["without a maximum", [0, 1], 1],
    ["with one", [1, 0x80, 0x10, 0x80, 0x80, 2], 2048],
  ])("%s takes a memory that threads share, and works on it", async (_, limits, initialPages) => {
    const shared = shareMemory(moduleWith(limits));
    expect(shared.initialPages).toBe(initialPages);
    const module = await WebAssembly.compile(shared.bytes);
    const memory = new WebAssembly.Memory({ initial: initialPages, maximum: 4096, shared: true });
    expect(memory.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(module).toBeInstanceOf(WebAssembly.Module);
    expect(Buffer.from(shared.bytes).includes(Buffer.from([2, 3]))).toBe(true);
  });

  it.each([
    ["is cut off", moduleWith([0, 1]).subarray(0, 40), "the module is cut off"],
    ["has no imports", Uint8Array.from([...header, ...typeSection]), "the module has no imports"],
    [
      "imports no memory",
      Uint8Array.from([...header, ...section(2, [1, ...name("e"), ...name("f"), 0, 0])]),
      "the module imports no memory",
    ],
    [
      "imports what nobody knows",
      Uint8Array.from([...header, ...section(2, [1, ...name("e"), ...name("f"), 9])]),
      "of kind 9",
    ],
  ])("is refused where it %s", (_, bytes, message) => {
    expect(() => shareMemory(bytes)).toThrow(message);
  });
});
