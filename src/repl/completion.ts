import type { Connection } from "../driver/api.js";
import type { CommandDescription, WordsInOrder } from "./commands/command-description.js";
import { metaCommands } from "./commands/meta-commands.js";
import { completePath } from "./complete-path.js";

/** What may stand at the end of a text, and the part of it that this replaces. */
export type Completion = readonly [candidates: readonly string[], replaced: string];

type CompletingConnection = Pick<Connection, "complete" | "describe">;

/** Completes the end of a text, a statement's or a backslash command's, by what stands behind the cursor too. */
export function complete(before: string, after: string, connection: CompletingConnection): Completion {
  const line = before.slice(before.lastIndexOf("\n") + 1);
  if (line.trimStart().startsWith("\\")) return completeMetaCommand(line, connection);
  const { from, to, candidates, isPath } = connection.complete(before + after, before.length);
  const replaced = before.slice(from, to);
  return [isPath ? completePath(replaced) : candidates.map(({ text }) => text), replaced];
}

function completeMetaCommand(line: string, connection: CompletingConnection): Completion {
  const [, name = "", argument] = /^\s*(\\\S*)(?:\s+(.*))?$/s.exec(line) ?? [];
  if (argument === undefined)
    return startingWith(
      name,
      metaCommands.map((command) => command.name),
    );
  const completes = metaCommands.find((command) => command.name === name)?.completes ?? [];
  if (completes === "paths") return [completePath(argument), argument];
  if (typeof completes === "object" && "later" in completes) return completeWord(argument, completes);
  return startingWith(argument, argumentsOf(completes, connection));
}

function completeWord(argument: string, { first, later }: WordsInOrder): Completion {
  const words = argument.split(/\s+/);
  const [word = "", before] = words.toReversed();
  if (before?.toLowerCase() === "to") return [completePath(word), word];
  return startingWith(word, words.length === 1 ? first : later);
}

function argumentsOf(
  completes: Exclude<NonNullable<CommandDescription["completes"]>, "paths" | WordsInOrder>,
  connection: CompletingConnection,
): readonly string[] {
  const { tables, procedures } = connection.describe();
  switch (completes) {
    case "names":
      return [...tables, ...procedures];
    case "tables":
      return tables;
    case "procedures":
      return procedures;
    default:
      return completes;
  }
}

function startingWith(typed: string, words: readonly string[]): Completion {
  return [words.filter((word) => word.toLowerCase().startsWith(typed.toLowerCase())), typed];
}
