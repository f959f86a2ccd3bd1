import { pascalCase } from "../../value/naming.js";
import type { Column, Filter, PseudoColumn } from "../catalog.js";
import { typeOf } from "./column-type.js";
import { describe } from "./doc-comment.js";
import { singular } from "./naming.js";
import {
  companions,
  excludedParameters,
  filteredFields,
  inexactParameters,
  supersededParameters,
} from "./overrides.js";
import type { Field, Shape } from "./shape.js";

export interface CompiledFilter {
  readonly filter: Filter;
  /** The pseudo-column that it needs, where it filters no column. */
  readonly pseudoColumn: PseudoColumn | undefined;
}

/** Paging, expansion and order: how a list is answered, not what is in it. */
const controlParameters: ReadonlySet<string> = new Set([
  "expand",
  "include",
  "limit",
  "page",
  "starting_after",
  "ending_before",
  "order_by",
]);

/** The filters that a list's parameters make over a table's columns. */
export function compileFilters(
  path: string,
  fields: readonly Field[],
  columns: readonly Column[],
): readonly CompiledFilter[] {
  const excluded = excludedParameters[path] ?? [];
  return fields
    .filter((field) => !controlParameters.has(field.name) && !excluded.includes(field.name))
    .flatMap((field) => parametersOf(field, []))
    .flatMap((parameter) => compileFilter(path, parameter, columns) ?? []);
}

interface ListParameter {
  readonly path: readonly string[];
  readonly field: Field;
  readonly required: boolean;
}

/** An object of parameters is taken apart: `customer_details: { email }` is `customer_details[email]`. */
function parametersOf(field: Field, parents: readonly Field[]): readonly ListParameter[] {
  const [object] = field.shape.kind === "object" ? field.shape.alternatives : [];
  if (object !== undefined) return object.fields().flatMap((inner) => parametersOf(inner, [...parents, field]));
  const steps = [...parents, field];
  return [{ path: steps.map((step) => step.name), field, required: steps.every((step) => !step.optional) }];
}

function compileFilter(
  listPath: string,
  parameter: ListParameter,
  columns: readonly Column[],
): CompiledFilter | undefined {
  const { field, path } = parameter;
  const name = bracketed(path);
  const operators = operatorsOf(field.shape);
  const renamed = filteredFields[listPath]?.[name];
  const column = filteredColumn(columns, renamed === undefined ? path : renamed.split("."), operators);
  // A JSON column of that name holds more than the one value that the parameter tests.
  if (column?.type === "JSON") return undefined;
  const pseudoColumn = column === undefined ? pseudoColumnOf(parameter) : undefined;
  const extra = companions[listPath]?.[name];
  const filter: Filter = {
    parameter: name,
    column: column?.name ?? pascalCase(path.join("_")),
    pseudo: column === undefined,
    operators,
    ...enumOf(field),
    exact: isExact(listPath, name, field),
    required: parameter.required,
    companions: extra,
    ...(supersededParameters[listPath]?.includes(name) === true ? { superseded: true } : {}),
    ...atMost(field),
  };
  return { filter, pseudoColumn };
}

/** ["customer_details", "email"] -> "customer_details[email]" */
export function bracketed(path: readonly string[]): string {
  const [head = "", ...rest] = path;
  return head + rest.map((key) => `[${key}]`).join("");
}

function operatorsOf(shape: Shape): Filter["operators"] {
  if (shape.kind === "range") return "range";
  return shape.kind === "array" ? "any-of" : "equality";
}

/** A parameter that takes several values may be named in the plural of what it filters: `lookup_keys`. */
function filteredColumn(
  columns: readonly Column[],
  path: readonly string[],
  operators: Filter["operators"],
): Column | undefined {
  const own = columnAt(columns, path.join("_"));
  if (operators !== "any-of") return own;
  const single = columnAt(columns, singular(path.join("_")).replace(/^statuse$/, "status"));
  return single === undefined || single.type === "JSON" ? own : single;
}

function columnAt(columns: readonly Column[], stripeName: string): Column | undefined {
  return columns.find((column) => column.stripeName === stripeName && column.path.length > 0);
}

function pseudoColumnOf({ path, field }: ListParameter): PseudoColumn {
  const shape = field.shape.kind === "array" ? field.shape.element : field.shape;
  return {
    kind: "pseudo-column",
    name: pascalCase(path.join("_")),
    stripeName: path.join("_"),
    type: typeOf(shape, field.name, field.documentation).type,
    description: describe(field.documentation),
    ...enumOf(field),
  };
}

/** Declared, or else listed in the documentation: "One of `pending`, `paid`, `failed`, or `canceled`." */
function enumOf(field: Field): Pick<Filter, "enumValues" | "closedEnum"> {
  const shape = field.shape.kind === "array" ? field.shape.element : field.shape;
  if (shape.kind !== "string") return { enumValues: undefined };
  if (shape.enumValues === undefined) return { enumValues: documentedValues(field) };
  return { enumValues: shape.enumValues, ...(shape.closed ? { closedEnum: true } : {}) };
}

function documentedValues(field: Field): readonly string[] | undefined {
  const listed = /(?:one of:?|given status:)\s*((?:`[a-z0-9_]+`[\s,]*(?:or |and )?){2,})/i.exec(
    field.documentation,
  )?.[1];
  return listed === undefined ? undefined : [...listed.matchAll(/`([^`]+)`/g)].flatMap(([, word]) => word ?? []);
}

/** "Only return charges for this transfer group, limited to 100." */
function atMost({ documentation }: Field): Pick<Filter, "atMost"> {
  const limit = /limited to (\d+)/i.exec(documentation)?.[1];
  return limit === undefined ? {} : { atMost: Number(limit) };
}

const looseDocumentation = /case-insensitive|wildcard|"is like"|prefix|partial(ly)? match/i;

function isExact(listPath: string, name: string, field: Field): boolean {
  return !looseDocumentation.test(field.documentation) && !(inexactParameters[listPath]?.includes(name) ?? false);
}
