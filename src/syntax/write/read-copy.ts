import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { didYouMean } from "../../error/suggestion.js";
import type { SqlText } from "../sql-text.js";
import type { CopiedFile, CopyStatement, SelectStatement } from "../statement.js";
import type { RawCopy } from "../statement-tree.js";
import { syntaxError } from "../syntax-error.js";
import { stringValueOf } from "../token.js";
import type { ParsedPlain } from "./parsed-write.js";
import { columnName, statementBase, tableName } from "./parsed-write.js";

/**
 * A file's lines or objects, of which nothing is guessed: Stripe's parameters say what its values are. A CSV file comes
 * line by line, so that each can be told by its number.
 */
export function readCopy(raw: RawCopy, source: string): ParsedPlain {
  const base = statementBase(raw, source, []);
  const name = stringValueOf(raw.file);
  const options = readOptions(raw);
  const format = options.format ?? formatOf(name);
  rejectForeignOptions(raw, format);
  const { header, delimiter = ",", quote = '"', escape: quoteEscape = quote, null: nullText = "" } = options;
  const csv = { hasHeader: header !== "false", delimiter, quote, quoteEscape, nullText };
  const file: CopiedFile = { name, format, csv };
  const own = {
    kind: "copy",
    ...base,
    table: tableName(raw.table),
    columns: raw.columns.map(columnName),
    file,
  } as const;
  const sql = fileQuery(file, raw.file.start);
  const whole: Omit<SelectStatement, "query"> = { kind: "select", ...base, sql };
  const { kind, text, offset, parameters } = own;
  return {
    ...{ kind, text, offset, parameters },
    unparsed: sql,
    complete: (tree): CopyStatement => {
      if (tree === undefined) throw new TypeError("a COPY was completed without its tree");
      return { ...own, select: { ...whole, query: tree } };
    },
  };
}

interface Options {
  readonly format?: CopiedFile["format"];
  readonly header?: string;
  readonly delimiter?: string;
  readonly quote?: string;
  readonly escape?: string;
  readonly null?: string;
}

const formats = ["csv", "json", "parquet"] as const;
const ofCsv = ["header", "delimiter", "quote", "escape", "null"] as const;
const optionNames = ["format", ...ofCsv] as const;
const spellings: Readonly<Record<string, string>> = { delim: "delimiter", sep: "delimiter", nullstr: "null" };

function readOptions({ options }: RawCopy): Options {
  const read = new Map<string, string>();
  for (const { name, value } of options) {
    const wanted = optionName(name.text);
    const known = optionNames.find((option) => option === wanted);
    if (known === undefined)
      throw syntaxError(`COPY has no option "${name.text}"`, {
        position: name.start,
        hint: didYouMean(wanted, optionNames) ?? `Its options are ${optionNames.join(", ").toUpperCase()}.`,
      });
    if (read.has(known)) throw syntaxError(`option "${name.text}" is given more than once`, { position: name.start });
    if (value === null && known !== "header")
      throw syntaxError(`option "${name.text}" needs a value`, { position: name.start });
    const given = value === null ? "true" : value.kind === "string" ? stringValueOf(value) : value.text;
    read.set(known, checked(known, given, (value ?? name).start));
  }
  return Object.fromEntries(read);
}

const optionName = (text: string): string => spellings[text.toLowerCase()] ?? text.toLowerCase();

const headers: Readonly<Record<string, string>> = {
  on: "true",
  off: "false",
  "1": "true",
  "0": "false",
  match: "true",
};

function checked(option: (typeof optionNames)[number], given: string, position: number): string {
  switch (option) {
    case "format": {
      const format = formats.find((one) => one === given.toLowerCase());
      if (format !== undefined) return format;
      throw new StripeSqlError(`COPY format "${given}" not recognized`, {
        sqlState: SqlState.invalidParameterValue,
        phase: "syntax",
        position,
        hint: didYouMean(given, formats) ?? "Formats are csv, json (a list, or an object a line) and parquet.",
      });
    }
    case "header": {
      const header = headers[given.toLowerCase()] ?? given.toLowerCase();
      if (header === "true" || header === "false") return header;
      throw syntaxError("HEADER takes true or false", { position });
    }
    case "quote":
    case "escape":
    case "delimiter":
      if (given.length === 1) return given;
      throw syntaxError(`${option.toUpperCase()} takes one character`, { position });
    case "null":
      return given;
  }
}

function rejectForeignOptions({ options }: RawCopy, format: CopiedFile["format"]): void {
  const foreign = options.find(({ name }) => ofCsv.some((option) => option === optionName(name.text)));
  if (format === "csv" || foreign === undefined) return;
  throw syntaxError(`${foreign.name.text.toUpperCase()} is an option of CSV files`, { position: foreign.name.start });
}

/** By the file's ending, compressed or not; CSV where it says nothing. */
function formatOf(name: string): CopiedFile["format"] {
  const plain = name.toLowerCase().replace(/\.(gz|zst)$/, "");
  if (/\.(json|jsonl|ndjson)$/.test(plain)) return "json";
  return plain.endsWith(".parquet") ? "parquet" : "csv";
}

function fileQuery({ name, format }: CopiedFile, position: number): SqlText {
  const [before, after] = readings[format];
  const file = `'${name.replaceAll("'", "''")}'`;
  return { sql: `${before}${file}${after}`, places: [{ start: before.length, length: file.length, position }] };
}

/** No line of a text holds this character, by which the engine would part it. */
const noDelimiter = "\u0001";

const readings: Readonly<Record<CopiedFile["format"], readonly [before: string, after: string]>> = {
  csv: [
    "SELECT line FROM read_csv(",
    `, auto_detect = false, header = false, skip = 0, columns = {'line': 'VARCHAR'}, delim = '${noDelimiter}', quote = '', escape = '', comment = '', strict_mode = false)`,
  ],
  json: ["SELECT json FROM read_json_objects(", ")"],
  parquet: ["SELECT * FROM read_parquet(", ")"],
};
