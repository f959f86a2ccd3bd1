import type { Table } from "../../catalog/catalog.js";
import { nearestValues } from "../../error/suggestion.js";
import { findAnyColumn } from "./conjunction.js";
import type { Predicate } from "./predicate.js";
import type { Scalar } from "./scalar.js";

interface EnumContext {
  readonly table: Table;
  readonly closedEnumsHold: boolean;
}

export interface JudgedEnumValues {
  readonly predicates: readonly Predicate[];
  readonly notices: readonly string[];
}

/**
 * A value that the SDK does not know of an enum gets a notice with the nearest that it does. It stays in the predicate,
 * as Stripe may have added it since, unless no row can have it: `Status IN ('open', 'all')` -> `Status IN ('open')`,
 * `Status = 'all'` -> no request. No row is lost: `all` is an instruction of the filter's, and a column whose enum is
 * closed holds one of its values or NULL.
 */
export function judgeEnumValues(of: EnumContext, predicates: readonly Predicate[]): JudgedEnumValues {
  const notices: string[] = [];
  const judged = predicates.map((given): Predicate => {
    const predicate = complementOf(given, of) ?? given;
    const wanted = textsOf(predicate);
    const judge = wanted && enumJudge(of, wanted.column);
    if (judge === undefined || wanted === undefined) return predicate;
    notices.push(...wanted.values.flatMap(({ value }) => judge(value).notice ?? []));
    const possible = wanted.values.filter(({ value }) => !judge(value).isNever);
    if (possible.length === wanted.values.length) return predicate;
    return possible.length === 0 ? { kind: "never" } : { kind: "any-of", column: wanted.column, values: possible };
  });
  return { predicates: judged, notices };
}

/**
 * `Status <> 'a'` -> `Status IN ('b', 'c')` where an enum is closed: nothing is lost, as a column that has none of its
 * values is NULL, which `<>` is not true of.
 */
function complementOf(predicate: Predicate, { table, closedEnumsHold }: EnumContext): Predicate | undefined {
  if (predicate.kind !== "compare" || predicate.operator !== "<>" || predicate.value.type !== "string")
    return undefined;
  const { column: name, value: excluded } = predicate;
  const column = findAnyColumn(table, name);
  if (!closedEnumsHold || column?.closedEnum !== true || column.enumValues === undefined) return undefined;
  const others = column.enumValues.filter((value) => value !== excluded.value);
  return { kind: "any-of", column: name, values: others.map((value) => ({ type: "string", value })) };
}

interface JudgedValue {
  readonly isNever: boolean;
  readonly notice: string | undefined;
}

const known: JudgedValue = { isNever: false, notice: undefined };

function enumJudge(
  { table, closedEnumsHold }: EnumContext,
  name: string,
): ((value: string) => JudgedValue) | undefined {
  const column = findAnyColumn(table, name);
  const values = column?.enumValues;
  if (column === undefined || values === undefined) return undefined;
  const filters = table.lists.flatMap((list) => list.filters).filter((filter) => filter.column === name);
  const subject = `${table.name}.${name}`;
  return (value) => {
    if (values.includes(value)) return known;
    const nearest = `nearest are ${nearestValues(value, values)}`;
    const isInstruction = filters.some((filter) => filter.enumValues?.includes(value) === true);
    return (closedEnumsHold && column.closedEnum === true) || isInstruction
      ? { isNever: true, notice: `${subject} is never '${value}'; ${nearest}` }
      : { isNever: false, notice: `the SDK knows no ${subject} '${value}'; ${nearest}` };
  };
}

type TextScalar = Extract<Scalar, { type: "string" }>;

function textsOf(
  predicate: Predicate,
): { readonly column: string; readonly values: readonly TextScalar[] } | undefined {
  if (predicate.kind !== "any-of" && !(predicate.kind === "compare" && predicate.operator === "=")) return undefined;
  const values = predicate.kind === "any-of" ? predicate.values : [predicate.value];
  const texts = values.filter((value) => value.type === "string");
  return texts.length === values.length ? { column: predicate.column, values: texts } : undefined;
}
