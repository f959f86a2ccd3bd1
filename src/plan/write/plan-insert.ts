import type { Table, WriteEndpoint } from "../../catalog/catalog.js";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { ColumnName, InsertStatement, SelectStatement, SqlExpression } from "../../syntax/statement.js";
import type { PlanEnvironment } from "../environment.js";
import { planSelect } from "../select/plan-select.js";
import { buildRequest } from "./build-request.js";
import { planReturning } from "./plan-returning.js";
import { rejectRepeated } from "./reject-repeated.js";
import { requestsOfRows } from "./requests-of-rows.js";
import { slotOfColumn } from "./slot-of-column.js";
import { withoutNullColumns } from "./without-null-columns.js";
import type { InsertPlan, RequestTemplate, Slot } from "./write-plan.js";
import type { WriteTarget } from "./write-target.js";
import { writeTarget } from "./write-target.js";

export function planInsert(written: InsertStatement, environment: PlanEnvironment): InsertPlan {
  const target = writeTarget(written.table, "create", environment);
  rejectOtherWidths(written);
  const { table, endpoint } = target;
  const statement = withoutNullColumns(written, target, environment);
  const slots = insertSlots(statement.columns, target);
  const requests = insertRequests(
    { endpoint, slots, isOfObject: false, reading: environment.constants },
    statement,
    environment,
  );
  return {
    kind: "insert",
    table,
    endpoint,
    requests,
    returning: planReturning({ table: written.table, alias: undefined, returning: statement.returning }, environment),
    notices: requests.kind === "query" ? requests.select.notices : [],
  };
}

/** Where the values of an INSERT's columns go. */
export function insertSlots(columns: readonly ColumnName[], target: WriteTarget): readonly Slot[] {
  const slots = columns.map((column) => slotOfColumn(column, { ...target, verb: "inserted into" }));
  rejectRepeated(columns, slots);
  rejectMissing(target.table, target.endpoint, slots);
  return slots;
}

function insertRequests(
  template: RequestTemplate,
  statement: InsertStatement,
  environment: PlanEnvironment,
): InsertPlan["requests"] {
  const { source } = statement;
  if (source.kind === "default-values") return { kind: "constant", requests: [buildRequest(template, [])] };
  return source.kind === "query"
    ? { kind: "query", select: planSelect(source.select, environment), template }
    : requestsOfRows(template, source.rows, environment);
}

function rejectOtherWidths({ source, columns }: InsertStatement): void {
  if (source.kind === "query") rejectOtherWidth(source.select, columns.length);
  if (source.kind !== "values") return;
  for (const row of source.rows) if (row.length !== columns.length) throw wrongCount(row, columns.length);
}

/** A star's width is known only to the local engine, which is asked when the query runs. */
function rejectOtherWidth({ query, offset }: SelectStatement, columns: number): void {
  if (query.kind !== "select" || query.items.some(({ expression }) => expression.kind === "star")) return;
  if (query.items.length !== columns) throw wrongWidth(columns, query.items.length, offset);
}

/** An INSERT that names more or fewer columns than its query gives. */
export function wrongWidth(columns: number, given: number, position?: number): StripeSqlError {
  return new StripeSqlError(`INSERT names ${counted(columns, "column")} but its query gives ${given}`, {
    sqlState: SqlState.syntaxError,
    phase: "plan",
    position,
  });
}

function wrongCount(row: readonly SqlExpression[], columns: number): StripeSqlError {
  return new StripeSqlError(`INSERT names ${counted(columns, "column")} but gives ${counted(row.length, "value")}`, {
    sqlState: SqlState.syntaxError,
    phase: "plan",
    position: row[0]?.position,
  });
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

function rejectMissing(table: Table, endpoint: WriteEndpoint, slots: readonly Slot[]): void {
  const given = new Set(
    slots.flatMap((slot) =>
      slot.kind === "parameter" ? [slot.parameter.path[0]] : slot.kind === "key" ? [slot.placeholder] : [],
    ),
  );
  const missing = [
    ...endpoint.keys.filter((key) => !given.has(key.placeholder)).map((key) => key.column),
    ...endpoint.parameters
      .filter((parameter) => parameter.required && parameter.path.length === 1 && !given.has(parameter.path[0]))
      .map(({ name }) => name),
  ];
  if (missing.length === 0) return;
  throw new StripeSqlError(`INSERT into "${table.name}" lacks ${missing.map((name) => `"${name}"`).join(", ")}`, {
    sqlState: SqlState.notNullViolation,
    phase: "plan",
    hint: `Stripe requires ${missing.length === 1 ? "it" : "them"}; DESCRIBE ${table.name} lists the columns.`,
  });
}
