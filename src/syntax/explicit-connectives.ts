import type { SqlToken } from "./normalise.js";
import { matchingClose } from "./operand.js";
import { keywordOf } from "./token.js";

/**
 * `NOT a OR b AND c` becomes `or(not(a), and(b, c))`, in tokens that bear their role. node-sql-parser gives AND and
 * OR one precedence, and in a select list lets them bind to the right: it never sees them.
 */
export function explicitConnectives(tokens: readonly SqlToken[]): readonly SqlToken[] {
  const result: SqlToken[] = [];
  let region: Unit[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token === undefined) continue;
    if (isBoundary(tokens, index)) {
      result.push(...disjunction(region), token);
      region = [];
      continue;
    }
    const end = endOfGroup(tokens, index);
    region.push(end === index ? [token] : grouped(tokens.slice(index, end + 1)));
    index = end;
  }
  return [...result, ...disjunction(region)];
}

/** A token, or a bracket or CASE with all that it holds. */
type Unit = readonly SqlToken[];

/** The words between which expressions stand. */
const boundaries = new Set(
  (
    "SELECT WHERE GROUP BY HAVING ORDER LIMIT OFFSET FETCH UNION EXCEPT INTERSECT WITH AS ON USING JOIN VALUES WHEN THEN ELSE " +
    "LATERAL QUALIFY WINDOW ASC DESC"
  ).split(" "),
);
const joinWords = new Set(["LEFT", "RIGHT", "FULL", "INNER", "CROSS", "NATURAL"]);

function isBoundary(tokens: readonly SqlToken[], index: number): boolean {
  const token = tokens[index];
  if (token?.text === "," && token.kind === "operator") return true;
  const keyword = wordAt(tokens, index);
  if (keyword === undefined) return false;
  const next = wordAt(tokens, index + 1);
  if (joinWords.has(keyword)) return next === "JOIN" || next === "OUTER";
  if (keyword === "DISTINCT" || keyword === "FROM") return !comparesDistinctness(tokens, index);
  if (keyword === "ALL") return tokens[index + 1]?.text !== "(";
  return boundaries.has(keyword);
}

/** IS [NOT] DISTINCT FROM is an operator. */
function comparesDistinctness(tokens: readonly SqlToken[], index: number): boolean {
  const distinct = wordAt(tokens, index) === "FROM" ? index - 1 : index;
  const before = wordAt(tokens, distinct - 1);
  return (
    wordAt(tokens, distinct) === "DISTINCT" &&
    (before === "IS" || (before === "NOT" && wordAt(tokens, distinct - 2) === "IS"))
  );
}

/** The keyword at an index; a word behind a dot is a name. */
function wordAt(tokens: readonly SqlToken[], index: number): string | undefined {
  return tokens[index - 1]?.text === "." ? undefined : keywordOf(tokens[index]);
}

function endOfGroup(tokens: readonly SqlToken[], index: number): number {
  if (tokens[index]?.kind === "open") return matchingClose(tokens, index);
  return wordAt(tokens, index) === "CASE" ? endOfCase(tokens, index) : index;
}

function endOfCase(tokens: readonly SqlToken[], start: number): number {
  let depth = 0;
  for (let index = start; index < tokens.length; index += 1) {
    if (wordAt(tokens, index) === "CASE") depth += 1;
    if (wordAt(tokens, index) === "END") depth -= 1;
    if (depth === 0) return index;
  }
  return start;
}

function grouped(tokens: readonly SqlToken[]): Unit {
  return [...tokens.slice(0, 1), ...explicitConnectives(tokens.slice(1, -1)), ...tokens.slice(-1)];
}

function disjunction(units: readonly Unit[]): readonly SqlToken[] {
  return joined("or", splitAt(units, (keyword) => keyword === "OR").map(conjunction));
}

function conjunction(units: readonly Unit[]): readonly SqlToken[] {
  let openBetweens = 0;
  const marked = units.map((unit, index): Unit => {
    const keyword = unitWord(units, index);
    if (keyword === "BETWEEN") openBetweens += 1;
    if (keyword !== "AND" || openBetweens === 0) return unit;
    openBetweens -= 1;
    return unit.map((token) => ({ ...token, role: "between" }));
  });
  return joined(
    "and",
    splitAt(marked, (keyword, unit) => keyword === "AND" && unit[0]?.role === undefined).map(negation),
  );
}

function negation(units: readonly Unit[]): readonly SqlToken[] {
  const isPrefix = unitWord(units, 0) === "NOT" && units.length > 1 && unitWord(units, 1) !== "MATERIALIZED";
  return isPrefix ? call("not", [negation(units.slice(1))]) : units.flat();
}

function unitWord(units: readonly Unit[], index: number): string | undefined {
  const isName = units[index - 1]?.[0]?.text === ".";
  const [only, ...rest] = units[index] ?? [];
  return isName || rest.length > 0 ? undefined : keywordOf(only);
}

function splitAt(
  units: readonly Unit[],
  isConnective: (keyword: string | undefined, unit: Unit) => boolean,
): readonly (readonly Unit[])[] {
  const parts: Unit[][] = [[]];
  units.forEach((unit, index) => {
    if (isConnective(unitWord(units, index), unit)) parts.push([]);
    else parts[parts.length - 1]?.push(unit);
  });
  return parts;
}

type Connective = "and" | "or" | "not";

function joined(role: Connective, parts: readonly (readonly SqlToken[])[]): readonly SqlToken[] {
  return parts.length > 1 ? call(role, parts) : parts.flat();
}

function call(role: Connective, operands: readonly (readonly SqlToken[])[]): readonly SqlToken[] {
  const start = operands[0]?.[0]?.start ?? 0;
  const made = (kind: SqlToken["kind"], text: string): SqlToken => ({ kind, text, sql: text, start, gap: "" });
  const list = operands.flatMap((operand, index) => (index === 0 ? operand : [made("operator", ","), ...operand]));
  return [{ ...made("word", role), role }, made("open", "("), ...list, made("close", ")")];
}
