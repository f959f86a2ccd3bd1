import { describe, expect, it } from "vitest";
import { readInput } from "../../../src/repl/input/read-input.js";

describe("typed text", () => {
  it.each([
    ["SELECT 1; SELECT 2 \\g x\nmore", ["SELECT 1"], " SELECT 2 ", "\\g x", "\nmore"],
    ["\\dt", [], "", "\\dt", ""],
    ["(SELECT\n  \\x\n1", [], "(SELECT\n  ", "\\x", "\n1"],
  ])("%j goes up to its first command", (text, statements, rest, command, after) => {
    expect(readInput(text)).toMatchObject({ statements, rest, command: { text: command, after } });
  });

  it.each(["SELECT '\\d'", "SELECT 1 -- \\d", "/* \\d */ SELECT", 'SELECT "\\d', "$$\\d$$", "E'\\'\\d'"])(
    "%s holds no command",
    (text) => expect(readInput(text).command).toBeUndefined(),
  );
});
