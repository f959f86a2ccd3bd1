import { didYouMean } from "../../error/suggestion.js";
import { formatOfFile } from "../../output/format-of-file.js";
import type { OutputFormat } from "../../output/output-format.js";
import { outputFormats } from "../../output/output-format.js";
import { typedPieces } from "../../syntax/read-tokens.js";
import { inHome } from "../home-path.js";
import { CommandMistake } from "./command-mistake.js";
import { runInto } from "./run-into.js";
import type { Shell } from "./shell.js";

export interface Copy {
  readonly query: string;
  readonly file: string;
  readonly format: OutputFormat;
}

const usage = "\\copy TABLE TO 'file.csv', or \\copy (SELECT …) TO 'file.parquet'";

/** Reads `\copy`'s line: what is copied, where to, and as what. */
export function parseCopy(line: string): Copy {
  const pieces = typedPieces(line).filter(({ kind }) => kind !== "space" && kind !== "comment");
  let depth = 0;
  const direction = pieces.find(({ text }) => {
    if (text === "(") depth += 1;
    if (text === ")") depth -= 1;
    return depth === 0 && /^(to|from)$/i.test(text);
  });
  if (direction === undefined) throw new CommandMistake("\\copy says where to: TO 'file'", usage);
  const source = line.slice(0, direction.start).trim();
  if (source === "") throw new CommandMistake("\\copy needs a table, or a query in brackets", usage);
  if (/^from$/i.test(direction.text)) {
    throw new CommandMistake(
      "\\copy reads no file",
      `INSERT INTO ${source} (…) SELECT … FROM read_csv('file.csv') writes one object for each of its rows.`,
    );
  }
  const { file, rest } = readFileName(line.slice(direction.start + direction.text.length));
  return { query: queryOf(source), file: inHome(file), format: formatOf(file, rest) };
}

/** "(SELECT …)", "Customer" or "Customer (Id, Email)". */
function queryOf(source: string): string {
  if (source.startsWith("(")) return source.slice(1, source.lastIndexOf(")")).trim();
  const [, table = source, columns = "*"] = /^([^()]*)\(([\s\S]*)\)$/.exec(source) ?? [];
  return `SELECT ${columns.trim()} FROM ${table.trim()}`;
}

function readFileName(text: string): { readonly file: string; readonly rest: string } {
  const found = /^\s*(?:'((?:[^']|'')*)'|(\S+))/.exec(text);
  if (found === null) throw new CommandMistake("\\copy needs a file after TO", usage);
  const file = found[1]?.replaceAll("''", "'") ?? found[2] ?? "";
  return { file, rest: text.slice(found[0].length).trim() };
}

/** As is said, "csv", "WITH (FORMAT csv)", or else by the file's name. */
function formatOf(file: string, said: string): OutputFormat {
  if (said === "") {
    const format = formatOfFile(file);
    if (format !== undefined) return format;
    throw new CommandMistake(
      `\\copy cannot tell the format of "${file}"`,
      `Say it behind the file: ${outputFormats.join(", ")}.`,
    );
  }
  const [, name = said] = /^(?:with\s*)?(?:\(\s*)?(?:format\s+)?(\w+)(?:\s*\))?$/i.exec(said) ?? [];
  const format = outputFormats.find((one) => one === name.toLowerCase());
  if (format !== undefined) return format;
  throw new CommandMistake(
    `\\copy has no format "${said}"`,
    didYouMean(name, outputFormats) ?? `There are ${outputFormats.join(", ")}.`,
  );
}

/** Runs the query into the file, which is there whole or not at all, and says how many rows it holds. */
export async function copyOut({ query, file, format }: Copy, shell: Shell): Promise<boolean> {
  const summary = await runInto(await shell.session.output.fileTarget(file, format), query, shell);
  if (summary === undefined) return false;
  shell.say(`COPY ${summary.rowCount}`);
  return true;
}
