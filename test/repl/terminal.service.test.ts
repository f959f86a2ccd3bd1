import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt, programEnvironment } from "../support/built-program.js";
import { testFolder } from "../support/folder.js";
import { Terminal } from "../support/terminal.js";

beforeAll(ensureBuilt);

const program = `${process.execPath} dist/repl/start.cjs --sandbox`;

/** The REPL at a real terminal of some width, with a person's own folders. */
function openRepl(columns: number, environment: Readonly<Record<string, string>> = {}) {
  const folder = testFolder();
  const home = { HOME: folder.path, XDG_CONFIG_HOME: folder.path, XDG_STATE_HOME: folder.path };
  const env = programEnvironment({ ...home, TERM: "xterm", NO_COLOR: "1", SHELL: "/bin/sh", ...environment });
  return { terminal: new Terminal(`stty cols ${columns} rows 12; exec ${program}`, env) };
}

describe.each([80, 200])("the REPL at a terminal of %i columns", (columns) => {
  it("shows a long result in the pager, and leaves it early without an error", async () => {
    const { terminal } = openRepl(columns, { PAGER: "less", LESS: "X" });
    await terminal.shows(/sandbox=> /);
    terminal.type("SELECT n FROM range(1000) t(n);\r");
    await terminal.shows(/\n:/);
    terminal.type("q");
    await terminal.shows(/sandbox=> /);
    terminal.type("SELECT 41 + 1 AS answer;\r");
    expect(await terminal.shows(/\(1 row\)/)).not.toContain("ERROR");
    terminal.type("\\q\r");
  });

  it("edits a statement of several lines that ran, and finds it by Ctrl-R", async () => {
    const { terminal } = openRepl(columns);
    await terminal.shows(/sandbox=> /);
    terminal.type("SELECT 1 AS a,\r2 AS b;\r");
    await terminal.shows(/\(1 row\)[\s\S]*sandbox=> /);
    terminal.type("\u001b[A\u001b[A\u001b[H\u0006\u0006\u0006\u0006\u0006\u0006\u0006\u001b[3~7\r");
    expect(await terminal.shows(/\(1 row\)/)).toContain(" 7 | 2\n");
    terminal.type("\u00121 AS\r");
    expect(await terminal.shows(/\(1 row\)/)).toContain(" 1 | 2\n");
    terminal.type("\u0004");
  });

  it("draws the last result as wide as it is, in colours", async () => {
    const { terminal } = openRepl(columns, { NO_COLOR: "" });
    await terminal.shows(/sandbox=> /);
    terminal.type("SELECT 'a' AS plan, 40 AS n UNION ALL SELECT 'b', 10 ORDER BY 1;\r");
    await terminal.shows(/\(2 rows\)/);
    terminal.type("\\plot ba\t plan n\r");
    const shown = await terminal.shows(/b │.* 10\n/);
    expect(shown).toContain("\u001b[38;5;75m█");
    expect(stripVTControlCharacters(shown)).toContain(`a │${"█".repeat(columns - 6)} 40\n`);
    terminal.type("\\q\r");
  });

  it("opens the editor, ends a watch by Ctrl-C, and takes pasted lines", async () => {
    const { terminal } = openRepl(columns, { VISUAL: "sed -i s/1/5/" });
    await terminal.shows(/sandbox=> /);
    terminal.type("SELECT 1 AS n;\r");
    await terminal.shows(/\(1 row\)[\s\S]*sandbox=> /);
    terminal.type("\\e\r");
    expect(await terminal.shows(/\(1 row\)/)).toContain("\n 5\n");
    terminal.type("SELECT 6 AS n \\watch 0.01\r");
    await terminal.shows(/\(run 3, /);
    terminal.type("\u0003");
    await terminal.shows(/sandbox=> /);
    terminal.type("\u001b[200~SELECT\r\n8 AS n;\r\n\u001b[201~\r");
    expect(await terminal.shows(/\(1 row\)/)).toContain("\n 8\n");
    terminal.type("\\q\r");
  });

  it("begins with a person's own settings, and keeps the history", async () => {
    const folder = testFolder();
    mkdirSync(join(folder.path, "stripe-sql"));
    folder.write("stripe-sql/rc", "\\set nine 9\n\\timing on\n");
    const { terminal } = openRepl(columns, { XDG_CONFIG_HOME: folder.path, XDG_STATE_HOME: folder.path });
    await terminal.shows(/Timing is on\.\n[\s\S]*sandbox=> /);
    terminal.type("SELECT :nine\rAS n;\r");
    expect(await terminal.shows(/Time: /)).toContain("\n 9\n");
    terminal.type("\\q\r");
    await terminal.ended();
    expect(readFileSync(join(folder.path, "stripe-sql/history"), "utf8")).toBe("SELECT :nine\u0001AS n;\n\\q\n");
  });
});
