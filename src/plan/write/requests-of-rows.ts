import type { Parameter } from "../../catalog/catalog.js";
import type { SqlExpression } from "../../syntax/statement.js";
import type { PlanEnvironment } from "../environment.js";
import { foldConstant } from "../predicate/constant.js";
import type { Scalar } from "../predicate/scalar.js";
import { planSelect } from "../select/plan-select.js";
import { buildRequest } from "./build-request.js";
import { composeValues } from "./compose-query.js";
import type { MergeRequests, RequestTemplate, WriteRequests } from "./write-plan.js";

/** Folds constants here; what only DuckDB can compute becomes VALUES on it. */
export function requestsOfRows(
  template: RequestTemplate,
  rows: readonly (readonly SqlExpression[])[],
  environment: PlanEnvironment,
): Exclude<WriteRequests, MergeRequests> {
  const takesTime = template.slots.map((slot) => slot.kind === "parameter" && isTime(slot.parameter));
  const folded = rows.map((row) =>
    row.map(({ expression }, index) =>
      constantValue(expression, environment, { takesTime: takesTime[index] === true }),
    ),
  );
  if (folded.every((row) => row.every((value) => value !== undefined))) {
    const requests = folded.map((row) =>
      buildRequest(
        template,
        row.map((value) => value?.is),
      ),
    );
    return { kind: "constant", requests };
  }
  return { kind: "query", select: planSelect(composeValues(rows), environment), template };
}

/** True for a parameter that takes a time, and not the text of one. */
export const isTime = ({ type }: Parameter): boolean => type === "TIMESTAMPTZ";

/**
 * The value of an expression without columns, as a request takes it; undefined where only DuckDB can tell it, such as
 * the text of a DATE.
 */
export function constantValue(
  expression: SqlExpression["expression"],
  environment: PlanEnvironment,
  { takesTime }: { readonly takesTime: boolean },
): { readonly is: unknown } | undefined {
  // A structured parameter (an object for Metadata) is no scalar, but it is at hand all the same.
  if (expression.kind === "parameter") {
    const value = environment.constants.parameters[expression.index];
    return value === undefined ? undefined : { is: value };
  }
  const scalar = foldConstant(expression, environment.constants);
  if (scalar === undefined) return undefined;
  // A folded time does not tell whether it was a DATE or had a zone; now() has one.
  const isNow = scalar.type === "timestamp" && scalar.clock && scalar.seconds === environment.constants.nowSeconds;
  if (scalar.type === "timestamp" && !takesTime && !isNow) return undefined;
  return { is: scalarValue(scalar) };
}

function scalarValue(scalar: Scalar): unknown {
  switch (scalar.type) {
    case "null":
      return null;
    case "timestamp":
      return Number.isFinite(scalar.seconds) ? new Date(Math.floor(scalar.seconds) * 1000) : String(scalar.seconds);
    case "number":
      // The text keeps what a double would round.
      return scalar.text.replace(/\D/g, "").length > 15 && !/e/i.test(scalar.text) ? scalar.text : scalar.value;
    case "string":
    case "boolean":
      return scalar.value;
  }
}
