import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { SelectPlan } from "../../plan/select/select-plan.js";
import type { FileRow, FileRows } from "../../plan/write/plan-copy.js";
import type { CopiedFile, CsvDialect } from "../../syntax/statement.js";
import type { CsvRecord } from "../../value/csv-records.js";
import { csvRecords } from "../../value/csv-records.js";
import { runSelect } from "../select/run-select.js";
import type { StatementContext } from "../statement-context.js";
import { programRows } from "./program-rows.js";

/** Reads the file of a COPY by the local engine: all of it, before anything is sent. */
export async function readFileRows(select: SelectPlan, file: CopiedFile, context: StatementContext): Promise<FileRows> {
  const { columns, rows } = await programRows(await runSelect(select, context));
  switch (file.format) {
    case "csv":
      return csvRows(
        rows.map(([line]) => String(line ?? "")),
        file,
      );
    case "json":
      return objectRows(rows.map(([object]) => object));
    case "parquet":
      return {
        names: columns.map(({ name }) => name),
        rows: rows.map((values, index) => ({ values, number: index + 1, problem: undefined })),
      };
  }
}

function csvRows(lines: readonly string[], { csv }: CopiedFile): FileRows {
  const records = csvRecords(lines, csv);
  const [first] = records;
  const names = csv.hasHeader ? (first?.cells ?? []) : (first?.cells ?? []).map((_, index) => String(index + 1));
  const given = csv.hasHeader ? records.slice(1) : records;
  if (csv.hasHeader) requireHeader(first);
  return { names, rows: given.map((record) => csvRow(record, names.length, csv)) };
}

function csvRow({ cells, line, problem }: CsvRecord, width: number, { nullText }: CsvDialect): FileRow {
  const counted = `it has ${cells.length} ${cells.length === 1 ? "cell" : "cells"}, and the first line ${width}`;
  return {
    values: cells.map((cell) => (cell === "" || cell === nullText ? null : cell)),
    number: line,
    problem: problem ?? (cells.length === width ? undefined : counted),
  };
}

function requireHeader(header: CsvRecord | undefined): void {
  const names = header?.cells ?? [];
  const lower = names.map((name) => name.toLowerCase());
  const repeated = names.find((_, index) => lower.indexOf(lower[index] ?? "") !== index);
  const problem =
    header === undefined
      ? "the file is empty"
      : (header.problem ??
        (names.includes("") ? `column ${names.indexOf("") + 1} of the header has no name` : undefined) ??
        (repeated === undefined ? undefined : `the header names "${repeated}" twice`));
  if (problem === undefined) return;
  throw new StripeSqlError(problem, {
    sqlState: SqlState.badCopyFileFormat,
    phase: "execute",
    detail: "Nothing was written.",
    hint: "A file without a header is read by (HEADER false), and the columns' names behind the table's.",
  });
}

/** Objects need not all have the same keys. */
function objectRows(objects: readonly unknown[]): FileRows {
  const given = objects.map((object, index) => {
    if (isObject(object)) return object;
    throw new StripeSqlError(`row ${index + 1} of the file is no JSON object`, {
      sqlState: SqlState.badCopyFileFormat,
      phase: "execute",
      detail: "Nothing was written.",
      hint: "A JSON file holds a list of objects, or one object a line.",
    });
  });
  const names = [...new Set(given.flatMap(Object.keys))];
  return {
    names,
    rows: given.map((object, index) => ({
      values: names.map((name) => object[name] ?? null),
      number: index + 1,
      problem: undefined,
    })),
  };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
