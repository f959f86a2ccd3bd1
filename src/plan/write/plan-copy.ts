import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { didYouMean } from "../../error/suggestion.js";
import type { ColumnName, CopyStatement } from "../../syntax/statement.js";
import type { PlanEnvironment } from "../environment.js";
import { buildRequest } from "./build-request.js";
import { insertSlots } from "./plan-insert.js";
import type { InsertPlan, RequestTemplate, Slot, WriteRequest } from "./write-plan.js";
import type { WriteTarget } from "./write-target.js";
import { writeTarget } from "./write-target.js";

/** What a file holds. */
export interface FileRows {
  /** Its columns; those of a CSV file without a header go by their places alone. */
  readonly names: readonly string[];
  readonly rows: readonly FileRow[];
}

export interface FileRow {
  /** One for each column: null where the file has none. */
  readonly values: readonly unknown[];
  /** Where it stands, from 1: of a CSV file the line that it begins in, else its place among the rows. */
  readonly number: number;
  /** Why it is no row; undefined for a good one. */
  readonly problem: string | undefined;
}

/**
 * The requests of a file's rows. Its columns are the table's by their names, and what a value is, the parameter says that
 * it is given to: digits stay a text where Stripe takes a text. A mistake in any row is an error that names the row,
 * before anything is sent.
 */
export function planCopy(statement: CopyStatement, file: FileRows, environment: PlanEnvironment): InsertPlan {
  const target = writeTarget(statement.table, "create", environment);
  const columns = copiedColumns(statement, file.names);
  const slots = copySlots(columns, statement, target);
  const template = { endpoint: target.endpoint, slots, isOfObject: false, reading: environment.constants };
  const unread = file.names.filter((_, place) => !columns.some((column) => column.place === place));
  return {
    kind: "insert",
    table: target.table,
    endpoint: target.endpoint,
    requests: { kind: "constant", requests: requestsOfFile(file, { statement, columns, template }) },
    returning: undefined,
    notices:
      unread.length === 0 ? [] : [`columns of '${statement.file.name}' that are not copied: ${unread.join(", ")}`],
  };
}

/** A column of the table's, and where its values stand in a row of the file. */
interface CopiedColumn extends ColumnName {
  readonly place: number;
}

function copiedColumns(statement: CopyStatement, names: readonly string[]): readonly CopiedColumn[] {
  const { columns, table, file } = statement;
  if (file.format === "csv" && !file.csv.hasHeader) return columnsByPlace(statement, names.length);
  if (columns.length === 0) return names.map((name, place) => ({ name, place, position: table.position }));
  return columns.map((column) => {
    const place = names.findIndex((name) => name.toLowerCase() === column.name.toLowerCase());
    if (place >= 0) return { ...column, place };
    throw copyError(`'${file.name}' has no column "${column.name}"`, {
      sqlState: SqlState.undefinedColumn,
      position: column.position,
      detail: `Its columns are ${names.join(", ")}.`,
      hint:
        didYouMean(column.name, names) ?? "A column of another name goes by INSERT INTO … SELECT … FROM read_csv('…').",
    });
  });
}

function columnsByPlace({ columns, table, file }: CopyStatement, width: number): readonly CopiedColumn[] {
  if (columns.length === width) return columns.map((column, place) => ({ ...column, place }));
  const names = columns.length === 0 ? "no columns" : `${columns.length} columns`;
  throw copyError(`COPY names ${names}, and '${file.name}', which has no header, has ${width}`, {
    sqlState: columns.length === 0 ? SqlState.syntaxError : SqlState.badCopyFileFormat,
    position: columns[0]?.position ?? table.position,
    hint: `Name one for each: COPY ${table.name} (Email, …) FROM '…' (HEADER false).`,
  });
}

/** Where the file says which columns there are, the statement can choose among them. */
function copySlots(columns: readonly CopiedColumn[], statement: CopyStatement, target: WriteTarget): readonly Slot[] {
  try {
    return insertSlots(columns, target);
  } catch (error) {
    if (!(error instanceof StripeSqlError) || statement.columns.length > 0) throw error;
    const [only, another] = columns;
    const choice =
      another === undefined && /[;|\t]/.test(only?.name ?? "")
        ? "Where cells are parted by another character, write (DELIMITER ';')."
        : `Name the columns to be copied: COPY ${statement.table.name} (…) FROM '…'.`;
    throw error.with({ hint: [error.hint, choice].filter((hint) => hint !== undefined).join(" ") });
  }
}

interface FileContext {
  readonly statement: CopyStatement;
  readonly columns: readonly CopiedColumn[];
  readonly template: RequestTemplate;
}

interface BadRow {
  readonly number: number;
  readonly error: StripeSqlError;
}

function requestsOfFile({ rows }: FileRows, context: FileContext): readonly WriteRequest[] {
  const requests: WriteRequest[] = [];
  const bad: BadRow[] = [];
  for (const row of rows) {
    try {
      requests.push(requestOfRow(row, context));
    } catch (error) {
      if (!(error instanceof StripeSqlError)) throw error;
      bad.push({ number: row.number, error });
    }
  }
  const [first, ...others] = bad;
  if (first !== undefined) throw badRows(first, others, context.statement);
  return requests;
}

function requestOfRow({ values, problem }: FileRow, { columns, template, statement }: FileContext): WriteRequest {
  if (problem !== undefined) throw copyError(problem, { sqlState: SqlState.badCopyFileFormat, position: undefined });
  const given = columns.map(({ place }) => values[place] ?? null);
  if (given.every((value) => value === null))
    throw copyError("it holds no value", { sqlState: SqlState.badCopyFileFormat, position: undefined });
  const missing = columns.find((_, index) => given[index] === null && isRequired(template.slots[index]));
  if (missing !== undefined)
    throw copyError(`"${missing.name}" is empty, which Stripe requires`, {
      sqlState: SqlState.notNullViolation,
      position: undefined,
      hint: `DESCRIBE ${statement.table.name} lists the columns.`,
    });
  return buildRequest(template, given);
}

const isRequired = (slot: Slot | undefined): boolean =>
  slot?.kind === "key" || (slot?.kind === "parameter" && slot.parameter.required && slot.parameter.path.length === 1);

/** Rows that are bad too and named by their numbers. */
const namedRows = 10;

function badRows({ number, error }: BadRow, others: readonly BadRow[], { file }: CopyStatement): StripeSqlError {
  const noun = file.format === "csv" ? "line" : "row";
  const numbers = others.slice(0, namedRows).map((other) => other.number);
  const more = others.length > namedRows ? `, and ${others.length - namedRows} more` : "";
  const also =
    others.length === 0 ? "" : ` Bad ${others.length === 1 ? noun : `${noun}s`} too: ${numbers.join(", ")}${more}.`;
  const before = error.detail === undefined ? "" : `${error.detail} `;
  return error.with({
    message: `${noun} ${number} of '${file.name}': ${error.message}`,
    detail: `${before}Nothing was written.${also}`,
  });
}

function copyError(
  message: string,
  facts: {
    readonly sqlState: SqlState;
    readonly position: number | undefined;
    readonly detail?: string;
    readonly hint?: string;
  },
): StripeSqlError {
  return new StripeSqlError(message, { ...facts, phase: "plan" });
}
