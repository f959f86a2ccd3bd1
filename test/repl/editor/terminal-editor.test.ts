import { describe, expect, it } from "vitest";
import type { Completion } from "../../../src/repl/completion.js";
import { TerminalEditor } from "../../../src/repl/editor/terminal-editor.js";
import { readInput } from "../../../src/repl/input/read-input.js";
import type { LineEvent } from "../../../src/repl/reader.js";
import { terminalStreams } from "../collected-stream.js";
import { ScreenEmulator } from "../screen-emulator.js";

const keys = {
  up: "\u001b[A",
  down: "\u001b[B",
  left: "\u001b[D",
  home: "\u001b[H",
  delete: "\u001b[3~",
  wordLeft: "\u001b[1;5D",
  newLine: "\u001b\r",
  undo: "\u001f",
} as const;

const names = ["Customer", "CustomerTaxId", "Charge"];

function complete(text: string): Completion {
  const word = /\w*$/.exec(text)?.[0] ?? "";
  return [names.filter((name) => name.toLowerCase().startsWith(word.toLowerCase())), word];
}

/** An editor on a terminal of some width, which reads one text of what is typed. */
async function typed(
  text: string,
  {
    columns = 80,
    history = [],
    color = false,
  }: { columns?: number; history?: readonly string[]; color?: boolean } = {},
) {
  const streams = terminalStreams(columns);
  const editor = new TerminalEditor(streams, { history, environment: {}, isColored: () => color, complete });
  const event = editor.read({
    prompt: (before) => (before === "" ? "test=> " : "test-> "),
    isComplete: (whole) => readInput(`${whole}\n`).rest.trim() === "",
  });
  streams.input.write(text);
  await new Promise(setImmediate);
  const screen = new ScreenEmulator(columns).write(streams.output.text);
  const shown = streams.output.text;
  editor.close();
  return { event: (await event) as LineEvent, screen, shown };
}

const line = (text: string) => ({ kind: "line", text });

describe("the editor", () => {
  it.each([
    ["a statement of one line", "SELECT 1;\r", "SELECT 1;"],
    ["lines until the semicolon", "SELECT\r1;\r", "SELECT\n1;"],
    ["letters before others", `SELECT 2;${keys.left}${keys.left}1\r`, "SELECT 12;"],
    ["a line above that is mended", `SELEC\r1;${keys.up}\u0005T\r`, "SELECT\n1;"],
    ["a line that is broken by Alt-Enter", `SELECT 1;${keys.home}${keys.newLine}\r`, "\nSELECT 1;"],
    ["words that are cut and put back", "SELECT 1 AS a\u0017\u0017\u0017\u0019;\r", "SELECT 1 ;"],
    [
      "what Ctrl-U, Ctrl-K and Delete take away",
      `xx\u0015SELECT 1;yy\u0002\u0002\u000b${keys.home}z\u0002${keys.delete}\r`,
      "SELECT 1;",
    ],
    ["a word to the left", `SELECT 1;${keys.wordLeft}2\r`, "SELECT 21;"],
    ["what Ctrl-_ takes back", `SELECT 1;\u0017${keys.undo}\r`, "SELECT 1;"],
    ["a character of several code points, taken back as one", "SELECT '👩‍👩‍👧';\u0002\u0002\u007f\r", "SELECT '';"],
    ["the rest of a name, by Tab", "FROM customert\t;\r", "FROM CustomerTaxId;"],
  ])("takes %s", async (_what, text, expected) => {
    expect((await typed(text)).event).toEqual(line(expected));
  });

  it.each([
    ["the newest entry", keys.up, "SELECT\n2;"],
    ["an older one, past the lines of the newest", `${keys.up}${keys.up}${keys.up}`, "SELECT 1;"],
    ["what was typed before", `x;${keys.up}${keys.up}${keys.up}${keys.down}${keys.down}${keys.down}`, "x;"],
    ["the entry that Ctrl-R finds", "\u0012lect 1", "SELECT 1;"],
    ["the one before that", "\u0012SEL\u0012", "SELECT 1;"],
    ["what was typed, where Ctrl-G gives the search up", "x;\u0012SEL\u0007", "x;"],
    ["what was found, changed", "\u0012lect 1\u0005\u0002\u007f3", "SELECT 3;"],
  ])("recalls %s", async (_what, text, expected) => {
    expect((await typed(`${text}\r`, { history: ["SELECT 1;", "SELECT\n2;"] })).event).toEqual(line(expected));
  });

  it("takes pasted lines as they are, and runs them by Enter alone", async () => {
    const pasted = "\u001b[200~SELECT 1,\r\n\t'a;'\r;\r\n\u001b[201~";
    expect((await typed(pasted)).event).toEqual({ kind: "end" });
    expect((await typed(`${pasted}\r`)).event).toEqual(line("SELECT 1,\n\t'a;'\n;"));
  });

  it("gives up what was typed at Ctrl-C, and ends at Ctrl-D before anything is typed", async () => {
    expect((await typed("SELECT\u0003")).event).toEqual({ kind: "interrupt", discarded: "SELECT" });
    expect((await typed("\u0004")).event).toEqual({ kind: "end" });
  });

  it.each([80, 200])("draws a statement of several lines, with the cursor in it, in %i columns", async (columns) => {
    const long = "x".repeat(columns);
    const { screen } = await typed(`SELECT\r'${long}' AS 名,\r1${keys.up}`, { columns });
    const [first, ...rest] = screen.text.split("\n");
    expect(first).toBe("test=> SELECT");
    expect(rest).toEqual([`test-> '${long.slice(8)}`, `${long.slice(0, 8)}' AS 名,`, "test-> 1"]);
    expect(screen.cursor).toEqual({ row: 1, column: 8 });
  });

  it.each([
    [80, "test=> FROM c\nCustomer       CustomerTaxId  Charge\ntest=> FROM c"],
    [30, "test=> FROM c\nCustomer       Charge\nCustomerTaxId\ntest=> FROM c"],
  ])("lists the names that Tab cannot tell apart, in %i columns", async (columns, shown) => {
    expect((await typed("FROM c\t", { columns })).screen.text).toBe(shown);
  });

  it.each([80, 200])("shows a search and what it finds, in %i columns", async (columns) => {
    const { screen } = await typed("\u0012two", { columns, history: ["SELECT 'two';", "SELECT 3;"] });
    expect(screen.text).toBe("(reverse-i-search)`two': SELECT 'two';");
    expect((await typed("\u0012four", { columns })).screen.text).toBe("(failing reverse-i-search)`four':");
  });

  it("colours tokens, but in no other terminal", async () => {
    const text = "SELECT 'a', 1 -- b";
    const { shown } = await typed(text, { color: true });
    expect(shown).toContain(
      "\u001b[0;1;34mSELECT\u001b[0m \u001b[0;32m'a'\u001b[0m, \u001b[0;36m1\u001b[0m \u001b[0;2m-- b",
    );
    expect((await typed(text)).shown).not.toContain("\u001b[0;");
  });

  it("shows control characters of what is pasted, and lets them move nothing", async () => {
    expect((await typed("\u001b[200~SELECT '\u0007'\u001b[201~")).screen.text).toBe("test=> SELECT '\\u0007'");
  });
});
