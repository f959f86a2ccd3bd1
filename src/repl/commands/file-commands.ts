import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { inHome } from "../home-path.js";
import { copyOut, parseCopy } from "./copy-out.js";
import type { MetaCommand } from "./meta-command.js";

export const fileCommands: readonly MetaCommand[] = [
  {
    name: "\\i",
    argument: "FILE",
    effect: "run a file's statements and commands, until one fails",
    group: "Files",
    completes: "paths",
    async run(given, shell) {
      const path = inHome(given.required("a file"));
      given.end();
      return shell.runScript(await readFile(path, "utf8"), path);
    },
  },
  {
    name: "\\ir",
    argument: "FILE",
    effect: "the same, from the folder of the file that says so",
    group: "Files",
    completes: "paths",
    async run(given, shell) {
      const path = inHome(given.required("a file"));
      given.end();
      const folder = shell.scriptPath === undefined ? "." : dirname(shell.scriptPath);
      const found = isAbsolute(path) ? path : join(folder, path);
      return shell.runScript(await readFile(found, "utf8"), found);
    },
  },
  {
    name: "\\o",
    argument: "[FILE]",
    effect: "results to a file; without one, back to the screen",
    group: "Files",
    completes: "paths",
    async run(given, { session }) {
      const file = given.file();
      given.end();
      await session.output.redirect(file);
      return true;
    },
  },
  {
    name: "\\copy",
    argument: "TABLE|(QUERY) TO FILE [FORMAT]",
    effect:
      "rows to a file, in the format that it is named after: csv, json, jsonl, md, html, txt, parquet, xlsx, or a chart's svg or png",
    group: "Files",
    completes: "tables",
    takes: "line",
    run: ({ line }, shell) => copyOut(parseCopy(shell.variables.interpolate(line.replace(/;$/, ""))), shell),
  },
  {
    name: "\\cd",
    argument: "[FOLDER]",
    effect: "go to a folder, or home",
    group: "Files",
    completes: "paths",
    run(given) {
      const folder = given.file() ?? homedir();
      given.end();
      process.chdir(folder);
      return true;
    },
  },
];
