import { didYouMean } from "../error/suggestion.js";
import { inHome } from "./home-path.js";
import type { TextFormat } from "./output-format.js";
import { textFormats } from "./output-format.js";

/** A line of the REPL that begins with a backslash. */
export type MetaCommand =
  | { readonly kind: "describe"; readonly name: string }
  | { readonly kind: "list"; readonly what: "tables" | "procedures"; readonly pattern: string | undefined }
  | { readonly kind: "expanded"; readonly value: "on" | "off" | "auto" | undefined }
  | { readonly kind: "timing"; readonly value: "on" | "off" | undefined }
  | { readonly kind: "format"; readonly format: TextFormat | undefined }
  | { readonly kind: "output"; readonly file: string | undefined }
  | { readonly kind: "include"; readonly file: string }
  | { readonly kind: "help" }
  | { readonly kind: "quit" }
  | { readonly kind: "invalid"; readonly message: string; readonly hint: string | undefined };

/** Name, arguments, and what it does: for help and completion. */
export const metaCommands: readonly (readonly [name: string, argument: string, effect: string])[] = [
  ["\\d", "[NAME]", "columns of a table or inputs of a procedure; without a name, all tables"],
  ["\\dt", "[PATTERN]", "tables, by a pattern such as *invoice*"],
  ["\\df", "[PATTERN]", "procedures"],
  ["\\x", "[on|off|auto]", "one line a column; auto does so where a row does not fit"],
  ["\\timing", "[on|off]", "time and requests of each statement"],
  ["\\format", `[${textFormats.join("|")}]`, "how results are printed"],
  ["\\o", "[FILE]", "results to a file; without one, back to the screen"],
  ["\\i", "FILE", "run the statements of a file"],
  ["\\?", "", "this help"],
  ["\\q", "", "leave"],
];

export function parseMetaCommand(line: string): MetaCommand {
  const [name = "", ...rest] = line.trim().replace(/;$/, "").trim().split(/\s+/);
  const argument = rest.length === 0 ? undefined : rest.join(" ").replace(/^'(.*)'$/s, "$1");
  switch (name) {
    case "\\d":
      return argument === undefined
        ? { kind: "list", what: "tables", pattern: undefined }
        : { kind: "describe", name: argument };
    case "\\dt":
      return { kind: "list", what: "tables", pattern: argument };
    case "\\df":
      return { kind: "list", what: "procedures", pattern: argument };
    case "\\x":
      return parseExpanded(argument);
    case "\\timing":
      return parseTiming(argument);
    case "\\format":
      return parseFormat(argument);
    case "\\o":
      return { kind: "output", file: argument === undefined ? undefined : inHome(argument) };
    case "\\i":
      return argument === undefined ? invalid("\\i needs a file") : { kind: "include", file: inHome(argument) };
    case "\\?":
    case "\\h":
      return { kind: "help" };
    case "\\q":
      return { kind: "quit" };
    default:
      return unknownCommand(name);
  }
}

function parseExpanded(argument: string | undefined): MetaCommand {
  if (argument === undefined || argument === "on" || argument === "off" || argument === "auto") {
    return { kind: "expanded", value: argument };
  }
  return invalid("\\x takes on, off or auto");
}

function parseTiming(argument: string | undefined): MetaCommand {
  if (argument === undefined || argument === "on" || argument === "off") return { kind: "timing", value: argument };
  return invalid("\\timing takes on or off");
}

function parseFormat(argument: string | undefined): MetaCommand {
  const format = textFormats.find((one) => one === argument);
  if (argument !== undefined && format === undefined) return invalid(`\\format takes ${textFormats.join(", ")}`);
  return { kind: "format", format };
}

function unknownCommand(name: string): MetaCommand {
  const known = metaCommands.map(([command]) => command);
  return { kind: "invalid", message: `unknown command ${name}`, hint: didYouMean(name, known) ?? "Try \\? for help." };
}

function invalid(message: string): MetaCommand {
  return { kind: "invalid", message, hint: undefined };
}
