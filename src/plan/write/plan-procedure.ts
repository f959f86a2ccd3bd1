import type { Parameter, Procedure } from "../../catalog/catalog.js";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { didYouMean } from "../../error/suggestion.js";
import { composeSql } from "../../syntax/sql-text.js";
import type { ColumnName, ExecuteStatement } from "../../syntax/statement.js";
import { columnNodes } from "../../syntax/walk-expression.js";
import { accountColumn } from "../access/account-rule.js";
import type { PlanEnvironment } from "../environment.js";
import { planSelect } from "../select/plan-select.js";
import { commonText, numberedItems } from "./compose-query.js";
import { rejectRepeated } from "./reject-repeated.js";
import { requestsOfRows } from "./requests-of-rows.js";
import { withoutStaleRows } from "./target-input.js";
import type { ProcedurePlan, RequestTemplate, Slot } from "./write-plan.js";
import { rejectReadOnly } from "./write-target.js";

export function planProcedure(statement: ExecuteStatement, environment: PlanEnvironment): ProcedurePlan {
  const procedure = findProcedure(statement.procedure, environment);
  if (procedure.writes) rejectReadOnly(environment);
  if (procedure.result.kind === "stream") throw notRows(procedure);
  const slots = statement.arguments.map(({ name }) => slotOf(name, procedure));
  rejectRepeated(
    statement.arguments.map(({ name }) => name),
    slots,
    "parameter",
  );
  rejectMissing(procedure, slots);
  const { result } = procedure;
  return {
    kind: "procedure",
    procedure,
    table: result.kind === "table" ? environment.catalog.findTable(result.table, result.schema)?.table : undefined,
    isOfRows: statement.source !== undefined,
    keys: statement.source === undefined ? [] : keysOf(statement, procedure),
    requests: requestsOf(
      statement,
      { endpoint: procedure, slots, isOfObject: false, reading: environment.constants },
      environment,
    ),
  };
}

/** The inputs that are no constants: of those that name the object where there are such, else all. */
function keysOf({ arguments: inputs }: ExecuteStatement, { parameters }: Procedure): readonly Parameter[] {
  const varying = inputs.flatMap(({ name, value }) => {
    const found = parameters.find((parameter) => parameter.name.toLowerCase() === name.name.toLowerCase());
    return found === undefined || columnNodes(value.expression).length === 0 ? [] : [found];
  });
  const named = varying.filter(({ location }) => location === "path");
  return named.length === 0 ? varying : named;
}

/** A call with the inputs that are given, or one for each row of a source. */
function requestsOf(
  { arguments: inputs, source }: ExecuteStatement,
  template: RequestTemplate,
  environment: PlanEnvironment,
): ProcedurePlan["requests"] {
  const values = inputs.map(({ value }) => value);
  if (source === undefined) return requestsOfRows(template, [values], environment);
  const { list, items } = numberedItems(
    values.map(({ sql, expression }) => ({ sql: composeSql(["(", sql, ")"]), expression })),
  );
  const sql = composeSql([...commonText(source.common), "SELECT ", list, " FROM ", source.sql]);
  const select = planSelect({ sql, query: { ...source.block, items } }, withoutStaleRows(environment));
  return { kind: "query", select, template };
}

function findProcedure(name: ColumnName, environment: PlanEnvironment): Procedure {
  const procedure = environment.catalog.findProcedure(name.name);
  if (procedure !== undefined) return procedure;
  throw new StripeSqlError(`procedure "${name.name}" does not exist`, {
    sqlState: SqlState.undefinedFunction,
    phase: "plan",
    hint: didYouMean(name.name, environment.catalog.procedureNames()) ?? "SHOW PROCEDURES lists them.",
    position: name.position,
  });
}

function slotOf(name: ColumnName, procedure: Procedure): Slot {
  const wanted = name.name.toLowerCase();
  if (
    wanted === accountColumn.toLowerCase() &&
    !procedure.parameters.some((parameter) => parameter.name === accountColumn)
  )
    return { kind: "account" };
  const found = procedure.parameters.find((parameter) => parameter.name.toLowerCase() === wanted);
  if (found !== undefined) return slotOfParameter(found);
  const names = procedure.parameters.map((parameter) => parameter.name);
  throw new StripeSqlError(`procedure "${procedure.name}" has no parameter "${name.name}"`, {
    sqlState: SqlState.invalidParameterValue,
    phase: "plan",
    detail: `Its parameters are ${topLevelNames(procedure).join(", ")}.`,
    hint: didYouMean(name.name, names) ?? `DESCRIBE ${procedure.name} lists them.`,
    position: name.position,
  });
}

function slotOfParameter(parameter: Parameter): Slot {
  if (parameter.location === "path")
    return { kind: "key", placeholder: parameter.path[0] ?? parameter.name, name: parameter.name };
  return { kind: "parameter", parameter };
}

function topLevelNames(procedure: Procedure): readonly string[] {
  return procedure.parameters.filter((parameter) => parameter.path.length === 1).map((parameter) => parameter.name);
}

function rejectMissing(procedure: Procedure, slots: readonly Slot[]): void {
  const given = new Set(
    slots.map((slot) =>
      slot.kind === "parameter" ? slot.parameter.path[0] : slot.kind === "key" ? slot.placeholder : "",
    ),
  );
  const required = procedure.parameters.filter((parameter) => parameter.required && parameter.path.length === 1);
  const missing = required.filter((parameter) => !given.has(parameter.path[0]));
  if (missing.length === 0) return;
  const names = missing.map((parameter) => `"${parameter.name}"`).join(", ");
  throw new StripeSqlError(`procedure "${procedure.name}" lacks ${names}`, {
    sqlState: SqlState.invalidParameterValue,
    phase: "plan",
    hint: `Write EXEC ${procedure.name} ${required.map((parameter) => `${parameter.name} = '…'`).join(", ")}.`,
  });
}

function notRows(procedure: Procedure): StripeSqlError {
  return new StripeSqlError(`procedure "${procedure.name}" answers with a file, not with rows`, {
    sqlState: SqlState.featureNotSupported,
    phase: "plan",
    hint: `Ask Stripe for it directly: ${procedure.method} ${procedure.path}.`,
  });
}
