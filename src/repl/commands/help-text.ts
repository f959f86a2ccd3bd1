import type { CommandDescription } from "./command-description.js";
import { commandGroups } from "./command-description.js";

/** Columns of a command's name with its arguments; a longer one has lines of its own. */
const nameWidth = 30;
const effectWidth = 80 - nameWidth;

/** What `\\?` shows, in 80 columns. */
export function helpText(commands: readonly CommandDescription[]): string {
  const groups = commandGroups.map((group) => [
    group,
    ...commands.filter((command) => command.group === group).flatMap(commandLines),
    "",
  ]);
  return [
    "A statement ends with a semicolon and may take several lines.",
    "Tab completes, Ctrl-R searches the history, Ctrl-C cancels.",
    "",
    ...groups.flat(),
    "SQL: SELECT, INSERT, UPDATE, DELETE, MERGE, COPY … FROM 'file', EXEC, EXPLAIN,",
    "CREATE [TEMP] VIEW, CREATE TEMP TABLE … AS, REFRESH, FORGET, RESUME WRITE,",
    "SET, SHOW TABLES, DESCRIBE name.",
    "",
  ].join("\n");
}

function commandLines({ name, argument, effect }: CommandDescription): readonly string[] {
  const shown = `  ${name} ${argument}`.trimEnd();
  const [first = "", ...others] = wrapped(effect);
  const indented = others.map((line) => " ".repeat(nameWidth) + line);
  if (shown.length < nameWidth) return [shown.padEnd(nameWidth) + first, ...indented];
  return [shown, " ".repeat(nameWidth) + first, ...indented];
}

function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > effectWidth) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}
