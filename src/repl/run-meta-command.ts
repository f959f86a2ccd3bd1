import { readFile } from "node:fs/promises";
import { splitTyped } from "../syntax/read-tokens.js";
import { filterRows } from "./filter-rows.js";
import type { MetaCommand } from "./meta-command.js";
import type { ReplSession } from "./repl-session.js";
import { helpText } from "./repl-text.js";
import { writeLines } from "./report-error.js";

/** Does what a backslash command says. Leaving is the caller's. */
export async function runMetaCommand(
  command: Exclude<MetaCommand, { readonly kind: "quit" }>,
  session: ReplSession,
): Promise<void> {
  const say = (line: string) => writeLines(session.streams.output, [line]);
  switch (command.kind) {
    case "describe":
      await session.runNames(`DESCRIBE ${command.name}`, (rows) => rows);
      return;
    case "list":
      return listNames(command.what, command.pattern, session);
    case "expanded":
      session.output.expanded = command.value ?? (session.output.expanded === "on" ? "auto" : "on");
      return say(`Expanded display is ${session.output.expanded}.`);
    case "timing":
      session.isTimed = command.value === undefined ? !session.isTimed : command.value === "on";
      return say(`Timing is ${session.isTimed ? "on" : "off"}.`);
    case "format":
      session.output.format = command.format ?? session.output.format;
      return say(`Format is ${session.output.format}.`);
    case "output":
      return session.output.redirect(command.file);
    case "include":
      return runFile(command.file, session);
    case "help":
      session.streams.output.write(helpText());
      return;
    case "invalid":
      return writeLines(session.streams.errors, [
        `ERROR:  ${command.message}`,
        ...(command.hint === undefined ? [] : [`HINT:  ${command.hint}`]),
      ]);
  }
}

async function listNames(
  what: "tables" | "procedures",
  pattern: string | undefined,
  session: ReplSession,
): Promise<void> {
  const column = what === "tables" ? "Table" : "Procedure";
  await session.runNames(`SHOW ${what.toUpperCase()}`, (rows) => {
    return pattern === undefined ? rows : filterRows(rows, column, namePattern(pattern));
  });
}

/** `*invoice*`; a pattern without a star may stand anywhere in the name. */
function namePattern(pattern: string): RegExp {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(pattern.includes("*") ? `^${source}$` : source, "i");
}

/** Runs a file's statements until one fails. */
async function runFile(path: string, session: ReplSession): Promise<void> {
  const { statements, rest } = splitTyped(await readFile(path, "utf8"));
  for (const statement of [...statements, ...(rest === "" ? [] : [rest])]) {
    if (!(await session.runText(statement.trim()))) return;
  }
}
