import type { Parameters, SqlValue } from "../../src/driver/api.js";

/** A block as it stands in its file, comments left out, with the line that it starts at. */
export interface SltText {
  readonly line: number;
  readonly text: string;
}

export interface SltBlock {
  readonly sql: string;
  readonly parameters: Parameters;
  readonly expectation: SltExpectation;
}

export type SltExpectation =
  /** The statement succeeds. */
  | { readonly kind: "ok" }
  /** Its rows, cells joined by " | ". */
  | { readonly kind: "rows"; readonly rows: readonly string[]; readonly sorted: boolean }
  /** It gives the rows of another statement. */
  | { readonly kind: "same"; readonly sql: string; readonly sorted: boolean }
  /** It fails with a SQLSTATE and a part of the message. */
  | { readonly kind: "error"; readonly sqlState: string; readonly message: string };

/** The blocks of an .slt file: apart by empty lines, `#` comments. */
export function splitSlt(text: string): readonly SltText[] {
  const lines = text.split("\n").map((line) => (line.startsWith("#") ? undefined : line));
  const blocks: SltText[] = [];
  let start = 0;
  for (let index = 0; index <= lines.length; index += 1) {
    if (index < lines.length && lines[index] !== "") continue;
    const block = lines.slice(start, index).filter((line) => line !== undefined);
    if (block.length > 0) blocks.push({ line: start + 1, text: block.join("\n") });
    start = index + 1;
  }
  return blocks;
}

/**
 * A block is an optional `with PARAMETERS` line of JSON ({"date": "…"} is a Date), a header, the statement, and for
 * all but `statement ok` and `error` a line `----` with what is expected beneath.
 *
 *     statement ok | query [rowsort] | same [rowsort] | error SQLSTATE MESSAGE-PART
 */
export function parseSlt(text: string): SltBlock {
  const [first = "", ...others] = text.split("\n");
  const given = /^with (.*)$/.exec(first)?.[1];
  if (given !== undefined) return { ...parseSlt(others.join("\n")), parameters: parseParameters(given) };
  const separator = others.indexOf("----");
  const sql = others.slice(0, separator < 0 ? undefined : separator).join("\n");
  const beneath = separator < 0 ? undefined : others.slice(separator + 1);
  if (sql === "") throw new Error(`no statement under "${first}"`);
  return { sql, parameters: [], expectation: parseHeader(first, beneath) };
}

function parseHeader(header: string, beneath: readonly string[] | undefined): SltExpectation {
  const [kind, option, ...rest] = header.split(" ");
  const sorted = option === "rowsort";
  if (header === "statement ok" && beneath === undefined) return { kind: "ok" };
  if (kind === "query" && beneath !== undefined) return { kind: "rows", rows: beneath, sorted };
  if (kind === "same" && beneath !== undefined) return { kind: "same", sql: beneath.join("\n"), sorted };
  if (kind === "error" && option !== undefined && beneath === undefined)
    return { kind: "error", sqlState: option, message: rest.join(" ") };
  throw new Error(`"${header}" is no header, or lacks its ----`);
}

function parseParameters(json: string): Parameters {
  return JSON.parse(json, (_key, value: unknown) =>
    typeof value === "object" && value !== null && "date" in value ? new Date(String(value.date)) : value,
  ) as readonly SqlValue[] | { readonly [name: string]: SqlValue };
}
