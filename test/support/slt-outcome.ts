import pg from "pg";
import type { SqlValue } from "../../src/driver/api.js";
import type { Sandbox } from "../../src/driver/sandbox.js";
import { StripeSqlError } from "../../src/error/stripe-sql-error.js";
import { requestLines } from "./sandbox-connection.js";
import type { SltText } from "./slt-file.js";

/** What a statement came to: its rows, each a line, or the SQLSTATE that it was refused with; and what it sent. */
export interface Outcome {
  readonly rows: readonly string[] | undefined;
  readonly sqlState: string | undefined;
  readonly message: string;
  readonly requests: readonly string[];
}

/** "12: SELECT count(*) FROM Customer", a case's name. */
export function titled(block: SltText): readonly [string, SltText] {
  const statement = block.text.split("\n").find((line) => !/^(with|statement|query|same|error) /.test(`${line} `));
  return [`${block.line}: ${statement}`, block];
}

export async function outcomeOf(
  sandbox: Sandbox,
  run: () => Promise<readonly (readonly unknown[])[]>,
): Promise<Outcome> {
  sandbox.requests.clear();
  try {
    const rows = (await run()).map((row) => row.map(plain).join(" | "));
    return { rows: rows.sort(), sqlState: undefined, message: "", requests: requestLines(sandbox).toSorted() };
  } catch (error) {
    if (!(error instanceof StripeSqlError || error instanceof pg.DatabaseError)) throw error;
    const sqlState = error instanceof StripeSqlError ? error.sqlState : error.code;
    return { rows: undefined, sqlState, message: error.message, requests: [] };
  }
}

/** A value as either side may print it: times in ISO 8601, numbers without an end of zeros, JSON with its names sorted. */
function plain(value: unknown): string {
  if (value === null || value === undefined) return "NULL";
  if (typeof value === "object" && !(value instanceof Date)) return JSON.stringify(sorted(value as SqlValue));
  const text = value instanceof Date ? value.toISOString() : String(value);
  if (text === "t" || text === "f") return text === "t" ? "true" : "false";
  if (/^-?\d+\.\d+$/.test(text)) return text.replace(/0+$/, "").replace(/\.$/, "");
  if (/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?\+\d\d$/.test(text)) return new Date(`${text}:00`).toISOString();
  return /^[[{"]/.test(text) ? jsonOf(text) : text;
}

function jsonOf(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? plain(value) : JSON.stringify(sorted(value));
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, one]) => [name, sorted(one)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
