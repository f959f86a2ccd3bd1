import type { Expression } from "../../syntax/expression.js";
import { foldConstant } from "./constant.js";
import { itemsOf } from "./list-items.js";
import type { Predicate } from "./predicate.js";
import type { PredicateContext } from "./predicate-context.js";

type TextPredicate = Extract<Predicate, { kind: "text" }>;

/** Nothing looks for fewer characters. */
const shortestPart = 3;

/**
 * What follows of texts from a condition that stays with the local engine: `Metadata->>'k' = 'v'`, and the same with IN;
 * of `Name LIKE 'a%bcd_'` that the name holds "bcd", as the longest piece between wildcards, in some case. Where one of
 * them is NULL, neither holds.
 */
export function impliedText(expression: Expression, context: PredicateContext): readonly TextPredicate[] {
  const found = ofMembership(expression, context) ?? ofPattern(expression, context) ?? ofCall(expression, context);
  return found === undefined ? [] : [found];
}

function ofMembership(expression: Expression, context: PredicateContext): TextPredicate | undefined {
  if (expression.kind === "comparison" && expression.operator === "=") {
    const { left, right } = expression;
    return equalText(left, [right], context) ?? equalText(right, [left], context);
  }
  return expression.kind === "in" && !expression.negated
    ? equalText(expression.operand, itemsOf(expression, context) ?? expression.items, context)
    : undefined;
}

function equalText(
  subject: Expression,
  constants: readonly Expression[],
  context: PredicateContext,
): TextPredicate | undefined {
  const member = memberOf(subject, context);
  if (member === undefined) return undefined;
  const values = constants.map((constant) => textOf(constant, context));
  const texts = values.filter((value) => value !== undefined);
  return texts.length === values.length && texts.length > 0 ? { kind: "text", ...member, values: texts } : undefined;
}

/** A key that DuckDB takes for one, and for no path. */
function memberOf(
  subject: Expression,
  context: PredicateContext,
): { readonly column: string; readonly key: string } | undefined {
  if (subject.kind !== "json-access" || !subject.asText || subject.operand.kind !== "column") return undefined;
  const column = context.resolve(subject.operand);
  const key = textOf(subject.key, context);
  if (column === undefined || context.typeOf(column) !== "JSON") return undefined;
  return key === undefined || /^[$/]/.test(key) ? undefined : { column, key };
}

function ofPattern(expression: Expression, context: PredicateContext): TextPredicate | undefined {
  if (expression.kind !== "like" || expression.negated) return undefined;
  const pattern = textOf(expression.pattern, context);
  if (pattern === undefined || (expression.backslashEscapes === true && pattern.includes("\\"))) return undefined;
  const longest = pattern.split(/[%_]/).reduce((one, other) => (other.length > one.length ? other : one), "");
  // What is another case of a letter beyond these, Stripe does not tell.
  if (expression.caseInsensitive && /[^\x20-\x7e]/.test(longest)) return undefined;
  return partOf(expression.operand, longest, context);
}

const partFunctions: ReadonlySet<string> = new Set(["contains", "starts_with", "prefix", "ends_with", "suffix"]);

function ofCall(expression: Expression, context: PredicateContext): TextPredicate | undefined {
  if (expression.kind !== "call" || expression.window || !partFunctions.has(expression.name)) return undefined;
  const [subject, part, another] = expression.arguments;
  if (subject === undefined || part === undefined || another !== undefined) return undefined;
  return partOf(subject, textOf(part, context), context);
}

function partOf(subject: Expression, part: string | undefined, context: PredicateContext): TextPredicate | undefined {
  const column = subject.kind === "column" ? context.resolve(subject) : undefined;
  if (column === undefined || part === undefined || context.typeOf(column) !== "VARCHAR") return undefined;
  if (part.trim().length < shortestPart) return undefined;
  return { kind: "text", column, key: undefined, values: [part] };
}

function textOf(expression: Expression, context: PredicateContext): string | undefined {
  const value = foldConstant(expression, context);
  return value?.type === "string" ? value.value : undefined;
}
