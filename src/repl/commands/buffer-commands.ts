import { writeFile } from "node:fs/promises";
import { chartKinds } from "../../chart/chart-request.js";
import { visibleText } from "../../value/visible-text.js";
import { inHome } from "../home-path.js";
import { CommandMistake } from "./command-mistake.js";
import { editQuery } from "./edit-query.js";
import type { MetaCommand } from "./meta-command.js";
import { parsePlot, plotQuery } from "./plot-query.js";
import { runInto } from "./run-into.js";
import type { Shell } from "./shell.js";
import { parseWatch, watchQuery } from "./watch-query.js";

export const bufferCommands: readonly MetaCommand[] = [
  {
    name: "\\g",
    argument: "[FILE or |COMMAND]",
    effect: "run the statement being typed, or the last one; its rows to a file or a program",
    group: "Query buffer",
    completes: "paths",
    takes: "line",
    run: ({ line }, shell) => go(line, shell),
  },
  {
    name: "\\gx",
    argument: "[FILE or |COMMAND]",
    effect: "the same with one line a column",
    group: "Query buffer",
    completes: "paths",
    takes: "line",
    run: ({ line }, shell) => shell.session.output.expandedFor(() => go(line, shell)),
  },
  {
    name: "\\watch",
    argument: "[SECONDS] [c=TIMES]",
    effect: "run it again every 2 seconds, until Ctrl-C, and say what each run took",
    group: "Query buffer",
    run(given, shell) {
      const watch = parseWatch(given.rest());
      const text = statementOf(shell, "\\watch");
      return shell.session.output.unpagedFor(() => watchQuery(text, watch, shell));
    },
  },
  {
    name: "\\plot",
    argument: "[KIND [X [Y]] [by Z]] [to FILE]",
    effect: "draw its rows: bar, line, area, hist or heat; to FILE.svg or FILE.png as a picture",
    group: "Query buffer",
    completes: { first: chartKinds, later: ["by", "to"] },
    run(given, shell) {
      const plot = parsePlot(given.rest());
      return plotQuery(statementOf(shell, "\\plot"), plot, shell);
    },
  },
  {
    name: "\\e",
    argument: "[FILE]",
    effect: "edit it, or a file, in $VISUAL or $EDITOR; what ends with a semicolon then runs",
    group: "Query buffer",
    completes: "paths",
    run(given, shell) {
      const file = given.file();
      given.end();
      return editQuery(file, shell);
    },
  },
  {
    name: "\\p",
    argument: "",
    effect: "show it",
    group: "Query buffer",
    run(given, shell) {
      given.end();
      shell.say(shell.query.current === "" ? "Nothing is being typed." : shell.query.current);
      return true;
    },
  },
  {
    name: "\\r",
    argument: "",
    effect: "give up what is being typed",
    group: "Query buffer",
    run(given, shell) {
      given.end();
      shell.query.text = "";
      shell.say("What was being typed is given up.");
      return true;
    },
  },
  {
    name: "\\w",
    argument: "FILE",
    effect: "write it to a file",
    group: "Query buffer",
    completes: "paths",
    async run(given, shell) {
      const file = inHome(given.required("a file"));
      given.end();
      if (shell.query.current === "") throw new CommandMistake("\\w: there is no statement to write");
      await writeFile(file, `${shell.query.current};\n`);
      return true;
    },
  },
  {
    name: "\\s",
    argument: "[FILE]",
    effect: "show the history, or write it to a file",
    group: "Query buffer",
    completes: "paths",
    async run(given, shell) {
      const file = given.file();
      given.end();
      const text = shell
        .history()
        .map((entry) => `${entry}\n`)
        .join("");
      if (file === undefined) await shell.session.output.showText(text.split("\n").map(visibleText).join("\n"));
      else await writeFile(file, text, { mode: 0o600 });
      return true;
    },
  },
];

function statementOf({ query }: Shell, command: string): string {
  const text = query.take();
  if (text === "") throw new CommandMistake(`${command}: there is no statement to run`);
  return text;
}

/** Rows go where they always do, to a file, or through a program of the shell's. */
async function go(line: string, shell: Shell): Promise<boolean> {
  const path = line.replace(/;$/, "").trim();
  const text = statementOf(shell, "\\g");
  if (path === "") return shell.runStatement(text);
  const { session } = shell;
  const target = path.startsWith("|")
    ? session.output.programTarget(path.slice(1).trim())
    : await session.output.fileTarget(inHome(path.replace(/^'(.*)'$/s, "$1")));
  return (await runInto(target, text, shell)) !== undefined;
}
