import { callColumnTypes, writeColumnTypes } from "../../../catalog/kept-write-columns.js";
import { snakeCase } from "../../../value/naming.js";
import { quoteName, quoteText } from "../../../value/quote.js";
import type { SqlType } from "../../../value/sql-type.js";
import { columnTypes } from "./column-type.js";
import { comment } from "./create-table.js";

/** A function of ours, for what PostgreSQL has no statement for: SHOW WRITES, SHOW WRITE, RESUME WRITE, FORGET WRITE. */
interface KeptWriteFunction {
  readonly statement: "show" | "show-write" | "resume" | "forget";
  /** Undefined for one that gives no rows. */
  readonly columns: Readonly<Record<string, SqlType>> | undefined;
  readonly description: string;
}

export const keptWriteFunctions: ReadonlyMap<string, KeptWriteFunction> = new Map([
  ["writes", { statement: "show", columns: writeColumnTypes, description: "Writes that the journal keeps." }],
  ["write_calls", { statement: "show-write", columns: callColumnTypes, description: "The calls of a write." }],
  [
    "resume_write",
    { statement: "resume", columns: callColumnTypes, description: "Goes on with a write that was cut off." },
  ],
  ["forget_write", { statement: "forget", columns: undefined, description: "Takes a write off the list." }],
]);

/** The functions as tools see them; calls are taken out of statements, as those of procedures are. */
export function createKeptWriteFunctions(): readonly string[] {
  return [...keptWriteFunctions].flatMap(([name, { statement, columns, description }]) => {
    const argument = statement === "show" ? "" : "write text";
    const signature = `${quoteName("stripe")}.${quoteName(name)}`;
    const result = columns === undefined ? "void" : `TABLE (${columnList(columns)})`;
    return [
      `CREATE FUNCTION ${signature}(${argument}) RETURNS ${result} LANGUAGE plpgsql AS ${quoteText(body(name))}`,
      ...comment(`FUNCTION ${signature}(${statement === "show" ? "" : "text"})`, description),
    ];
  });
}

function columnList(columns: Readonly<Record<string, SqlType>>): string {
  const list = Object.entries(columns).map(([name, type]) => `${quoteName(snakeCase(name))} ${columnTypes[type]}`);
  return list.join(", ");
}

function body(name: string): string {
  const message = quoteText(`${name} cannot be called within a query`);
  const hint = quoteText(`It is a call of its own: CALL ${name}(…), or SELECT * FROM ${name}(…).`);
  return `BEGIN RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = ${message}, HINT = ${hint}; END`;
}
