import type { Parameter, WriteEndpoint } from "../../catalog/catalog.js";
import type { Expression } from "../../syntax/expression.js";
import type { Assigned, ColumnName, SqlExpression } from "../../syntax/statement.js";
import type { Json, JsonObject } from "../../value/json.js";
import { isJsonObject } from "../../value/json.js";
import type { PlanEnvironment } from "../environment.js";
import type { AssignedStructure } from "./exact-structure.js";
import { readMerge } from "./read-merge.js";
import { rejectRepeated } from "./reject-repeated.js";
import { requestValue } from "./request-value.js";
import { constantValue, isTime } from "./requests-of-rows.js";
import { assignedParameter } from "./slot-of-column.js";
import type { WriteTarget } from "./write-target.js";

/** What an UPDATE gives to one parameter. */
export type Assignment =
  /** The value itself, whatever the object holds. */
  | { readonly kind: "value"; readonly parameter: Parameter; readonly value: SqlExpression }
  /** A structure that is to hold the value and nothing else: what the object holds has to be known. */
  | { readonly kind: "exact"; readonly structure: AssignedStructure; readonly value: SqlExpression }
  /** Keys that are set or unset, and the others left: what the object holds does not matter. */
  | {
      readonly kind: "merge";
      readonly parameter: Parameter;
      readonly value: SqlExpression;
      readonly patch: JsonObject;
    };

interface AssignmentInput {
  readonly column: ColumnName;
  readonly parameter: Parameter;
  readonly value: SqlExpression;
  readonly endpoint: WriteEndpoint;
  /** What the statement calls the table that is written. */
  readonly called: string;
  readonly environment: PlanEnvironment;
}

/** What an UPDATE gives to the parameters of its call; two for one of them are refused. */
export function readAssignments(
  assigned: readonly Assigned[],
  target: WriteTarget & Pick<AssignmentInput, "called" | "environment">,
): readonly Assignment[] {
  const { table, naming, endpoint, called, environment } = target;
  const parameters = assigned.map(({ column }) =>
    assignedParameter(column, { table, naming, endpoint, verb: "updated in" }),
  );
  rejectRepeated(
    assigned.map(({ column }) => column),
    parameters.map((parameter) => ({ kind: "parameter", parameter })),
  );
  return assigned.flatMap(({ column, value }, index) => {
    const parameter = parameters[index];
    return parameter === undefined ? [] : [readAssignment({ column, parameter, value, endpoint, called, environment })];
  });
}

/** A constant that Stripe would not take is refused here. */
function readAssignment(input: AssignmentInput): Assignment {
  const { column, parameter, value, endpoint, called, environment } = input;
  const constant = constantValue(value.expression, environment, { takesTime: isTime(parameter) });
  const given = requestValue(parameter, constant?.is, environment.constants);
  if (parameter.jsonShape !== "map" && parameter.jsonShape !== "object") return { kind: "value", parameter, value };
  const patches = readMerge(value.expression, column, called);
  const patch = patches && mergedPatch(patches, parameter, environment);
  if (patch !== undefined) return { kind: "merge", parameter, value, patch };
  const unset = endpoint.path.startsWith("/v2/") ? null : "";
  // Stripe unsets the whole in one request.
  const unsetsAll = constant !== undefined && isNothing(given) && (unset === "" || parameter.emptyable);
  if (unsetsAll) return { kind: "value", parameter, value };
  const { parameters } = endpoint;
  const structure = { parameter, parameters, unset, onlyChanges: patches !== undefined } as const;
  return { kind: "exact", structure, value };
}

/** NULL, an empty text, or a structure without keys. */
function isNothing(value: Json | undefined): boolean {
  return (
    value === undefined ||
    value === null ||
    value === "" ||
    (typeof value === "object" && Object.keys(value).length === 0)
  );
}

/** Undefined where one of the patches is not known from the statement alone, or is no object. */
function mergedPatch(
  patches: readonly Expression[],
  parameter: Parameter,
  environment: PlanEnvironment,
): JsonObject | undefined {
  let merged: JsonObject = {};
  for (const expression of patches) {
    const constant = constantJson(expression, environment);
    const patch = constant && requestValue(parameter, constant.is, environment.constants);
    if (!isJsonObject(patch)) return undefined;
    merged = mergeObjects(merged, patch);
  }
  return merged;
}

function mergeObjects(first: JsonObject, second: JsonObject): JsonObject {
  const inner = Object.entries(second).map(([key, value]) => {
    const before = first[key];
    return [key, isJsonObject(before) && isJsonObject(value) ? mergeObjects(before, value) : value] as const;
  });
  return { ...first, ...Object.fromEntries(inner) };
}

/** A constant, one cast to JSON, or `json_object` of such. */
function constantJson(expression: Expression, environment: PlanEnvironment): { readonly is: unknown } | undefined {
  if (expression.kind === "cast" && expression.type === "JSON") return constantJson(expression.operand, environment);
  if (expression.kind !== "call" || expression.name !== "json_object")
    return constantValue(expression, environment, { takesTime: false });
  const operands = expression.arguments.map((operand) => constantJson(operand, environment));
  const entries: [string, unknown][] = [];
  for (let index = 0; index + 1 < operands.length; index += 2) {
    const [key, value] = [operands[index], operands[index + 1]];
    if (typeof key?.is !== "string" || value === undefined) return undefined;
    entries.push([key.is, value.is]);
  }
  return operands.length % 2 === 0 ? { is: Object.fromEntries(entries) } : undefined;
}
