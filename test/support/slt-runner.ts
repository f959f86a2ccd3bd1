import type { Connection, Parameters, ResultColumn, Row, SqlValue } from "../../src/driver/api.js";
import { StripeSqlError } from "../../src/error/stripe-sql-error.js";
import type { SltBlock } from "./slt-file.js";

/** How a block came out: what is wrong with it, and the columns that its statement gave. */
export interface SltOutcome {
  readonly failure: string | undefined;
  /** "Id VARCHAR, Created TIMESTAMPTZ"; undefined where it failed, as it may well have been meant to. */
  readonly columns: string | undefined;
}

/** One way of running a statement to its end. */
export type RunStatement = (connection: Connection, sql: string, parameters: Parameters) => Promise<SltResult>;

export interface SltResult {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly Row[];
}

export const runWhole: RunStatement = (connection, sql, parameters) => connection.query(sql, parameters);

export const runStreamed: RunStatement = async (connection, sql, parameters) => {
  const stream = connection.stream(sql, parameters);
  const rows: Row[] = [];
  for await (const row of stream) rows.push(row);
  return { columns: await stream.columns(), rows };
};

export async function runBlock(block: SltBlock, connection: Connection, run: RunStatement): Promise<SltOutcome> {
  const { expectation } = block;
  const ended = await settle(run(connection, block.sql, block.parameters));
  if (ended instanceof StripeSqlError) {
    return { columns: undefined, failure: judgeError(block, ended) };
  }
  const columns = ended.columns.map(({ name, type }) => `${name} ${type}`).join(", ");
  const outcome = (failure: string | undefined): SltOutcome => ({ columns, failure });
  const found = ended.rows.map((row) => ended.columns.map(({ name }) => cellText(row[name])).join(" | "));
  switch (expectation.kind) {
    case "ok":
      return outcome(undefined);
    case "error":
      return outcome(`no error ${expectation.sqlState}, but:\n${found.join("\n")}`);
    case "rows":
      return outcome(compareRows(found, expectation.rows, expectation.sorted));
    case "same": {
      const { columns: otherColumns, rows } = await run(connection, expectation.sql, block.parameters);
      const other = rows.map((row) => otherColumns.map(({ name }) => cellText(row[name])).join(" | "));
      return outcome(compareRows(found, other, expectation.sorted));
    }
  }
}

async function settle(running: Promise<SltResult>): Promise<SltResult | StripeSqlError> {
  try {
    return await running;
  } catch (error) {
    if (error instanceof StripeSqlError) return error;
    throw error;
  }
}

function judgeError({ expectation }: SltBlock, error: StripeSqlError): string | undefined {
  if (expectation.kind === "error" && error.sqlState === expectation.sqlState) {
    if (error.message.includes(expectation.message)) return undefined;
  }
  return `ERROR ${error.sqlState}: ${error.message} ${error.detail ?? ""}`;
}

function compareRows(found: readonly string[], expected: readonly string[], sorted: boolean): string | undefined {
  const inOrder = (rows: readonly string[]) => (sorted ? [...rows].sort() : rows).join("\n");
  if (inOrder(found) === inOrder(expected)) return undefined;
  return `expected ${expected.length} rows:\n${inOrder(expected)}\nbut found ${found.length}:\n${inOrder(found)}`;
}

/** NULL, (empty) and ISO times; JSON as one line. */
function cellText(value: SqlValue | undefined): string {
  if (value === null || value === undefined) return "NULL";
  if (value === "") return "(empty)";
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object" ? JSON.stringify(value) : String(value).replaceAll("\n", "\\n");
}
