import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Completion } from "../../src/completion/complete.js";
import { complete } from "../../src/repl/completion.js";
import { testFolder } from "../support/folder.js";
import { description } from "./fake-connection.js";

/** Knows one table, and takes what follows `FROM '` for a path. */
const connection = {
  describe: () => description,
  complete(text: string, cursor = text.length): Completion {
    const from = text.lastIndexOf("'", cursor - 1) + 1;
    if (from > 0) return { from, to: cursor, candidates: [], isPath: true };
    const start = text.slice(0, cursor).search(/\w*$/);
    return { from: start, to: cursor, candidates: [{ text: `Customer${text.length}`, kind: "table" }], isPath: false };
  },
};
const completed = (before: string, after = "") => complete(before, after, connection);

describe("completion at the prompt", () => {
  it("asks the connection, for what stands behind the cursor too", () => {
    expect(completed("SELECT * FROM cus", " WHERE")).toEqual([["Customer23"], "cus"]);
  });

  it.each([
    ["\\x a", ["auto"], "a"],
    ["\\timing o", ["on", "off"], "o"],
    ["\\dt cus", ["Customer"], "cus"],
    ["\\d can", ["CancelPaymentIntent", "CancelQuote"], "can"],
    ["\\df con", ["ConfirmPaymentIntent"], "con"],
    ["\\format mark", ["markdown"], "mark"],
    ["\\q ", [], ""],
    ["\\nothing x", [], "x"],
  ])("completes the argument of %s", (line, expected, replaced) =>
    expect(completed(line)).toEqual([expected, replaced]),
  );

  it("offers backslash commands, between the lines of a statement too", () => {
    expect(completed("\\d")[0]).toEqual(expect.arrayContaining(["\\d", "\\df", "\\dt"]));
    expect(completed("SELECT\n\\tim")).toEqual([["\\timing"], "\\tim"]);
  });

  it("offers the kinds of charts, and what may stand behind one", () => {
    const folder = testFolder().path;
    writeFileSync(join(folder, "a.svg"), "");
    expect(completed("\\plot h")).toEqual([["hist", "heat"], "h"]);
    expect(completed("\\plot bar month b")).toEqual([["by"], "b"]);
    expect(completed("\\plot bar ")).toEqual([["by", "to"], ""]);
    expect(completed(`\\plot bar month to ${folder}/a`)).toEqual([[`${folder}/a.svg`], `${folder}/a`]);
  });

  it("completes paths, hidden ones where they are asked for", () => {
    const folder = testFolder().path;
    mkdirSync(join(folder, "data"));
    for (const name of ["daily.csv", ".hidden"]) writeFileSync(join(folder, name), "");
    expect(completed(`\\i ${folder}/da`)[0]).toEqual([`${folder}/daily.csv`, `${folder}/data/`]);
    expect(completed(`\\o ${folder}/.`)[0]).toEqual([`${folder}/.hidden`]);
    expect(completed(`SELECT * FROM '${folder}/dail`)).toEqual([[`${folder}/daily.csv`], `${folder}/dail`]);
    expect(completed("\\i /nowhere/at/all/x")[0]).toEqual([]);
  });
});
