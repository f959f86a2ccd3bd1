import { SqlState } from "../../../error/sql-state.js";
import type { StatementOption } from "../../../syntax/postgres/postgres-statement.js";
import { sessionError } from "../../session/session-error.js";

/** How COPY … TO writes its rows. Source: https://www.postgresql.org/docs/current/sql-copy.html */
export interface CopyOptions {
  readonly format: "text" | "csv" | "binary";
  readonly delimiter: string;
  /** What stands for NULL. */
  readonly nullText: string;
  readonly hasHeader: boolean;
  readonly quote: string;
  readonly escape: string;
  /** Columns that are quoted whatever they hold; "*" for all. */
  readonly forceQuote: readonly string[];
}

/** Fails with 0A000 for an option that has no effect here, 22023 for a value that is none, as PostgreSQL does. */
export function readCopyOptions(given: readonly StatementOption[]): CopyOptions {
  const optionOf = (name: string): string | undefined => given.find((option) => option.name === name)?.values[0];
  const format = formatOf(optionOf("format") ?? "text");
  for (const { name, values } of given) requireKnown(name, values[0], format);
  const isCsv = format === "csv";
  const quote = oneCharacter("quote", optionOf("quote") ?? '"');
  const forced = given.find(({ name }) => name === "force_quote");
  return {
    format,
    delimiter: oneCharacter("delimiter", optionOf("delimiter") ?? (isCsv ? "," : "\t")),
    nullText: optionOf("null") ?? (isCsv ? "" : "\\N"),
    hasHeader: given.some(({ name }) => name === "header") && isOn(optionOf("header") ?? "true"),
    quote,
    escape: oneCharacter("escape", optionOf("escape") ?? quote),
    forceQuote: forced?.values ?? [],
  };
}

function formatOf(text: string): CopyOptions["format"] {
  const format = (["text", "csv", "binary"] as const).find((one) => one === text.toLowerCase());
  if (format !== undefined) return format;
  throw sessionError(`COPY format "${text}" not recognized`, SqlState.invalidParameterValue);
}

const csvOnly: ReadonlySet<string> = new Set(["quote", "escape", "force_quote"]);

function requireKnown(name: string, value: string | undefined, format: CopyOptions["format"]): void {
  if (name === "format" || (name === "encoding" && /^utf-?8$/i.test(value ?? ""))) return;
  const isOfText = name === "delimiter" || name === "null" || name === "header";
  if ((csvOnly.has(name) && format === "csv") || (isOfText && format !== "binary")) return;
  throw sessionError(`COPY option "${name}" is not supported for format ${format}`, SqlState.featureNotSupported);
}

function oneCharacter(name: string, text: string): string {
  if (/^[^\r\n\\]$/.test(text) || (text === "\\" && name === "escape")) return text;
  throw sessionError(`COPY ${name} must be a single one-byte character`, SqlState.invalidParameterValue);
}

function isOn(text: string): boolean {
  if (/^(true|on|1)$/i.test(text)) return true;
  if (/^(false|off|0)$/i.test(text)) return false;
  throw sessionError(`header requires a Boolean value or "match"`, SqlState.invalidParameterValue);
}
