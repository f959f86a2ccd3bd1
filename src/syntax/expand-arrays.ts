import type { SqlToken } from "./normalise.js";
import { ourToken } from "./normalise.js";
import { keywordOf } from "./token.js";

/** A parameter that holds an array: its elements are parameters of their own, numbered from `first` on. */
export interface ArrayParameter {
  readonly kind: "array";
  readonly first: number;
  readonly length: number;
  /** Its number where it stands for the whole array. */
  readonly whole: number;
}

/** Any other: it is numbered anew, as the engine takes no numbers with gaps. */
export interface SingleParameter {
  readonly kind: "single";
  readonly number: number;
}

/** What a statement's parameters are where one holds an array, by their numbers; empty where none does. */
export type ArrayParameters = ReadonlyMap<number, ArrayParameter | SingleParameter>;

/**
 * Puts an array's elements in the place of its parameter: `IN ($1)` becomes `IN ($2, $3)`, `= ANY ($1)` and `<> ALL
 * ($1)` become IN and NOT IN of them, and elsewhere it is the list `[$2, $3]`. An empty array in an IN is a query
 * without rows: nothing is a member of it, NULL neither. In a write (`isWrite`) an array elsewhere is a value for a JSON
 * parameter, and stays.
 */
export function expandArrays(
  tokens: readonly SqlToken[],
  arrays: ArrayParameters,
  { isWrite }: { readonly isWrite: boolean },
): readonly SqlToken[] {
  const result: SqlToken[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token === undefined) continue;
    const found = quantified(tokens, index, arrays) ?? membership(tokens, index, arrays);
    if (found !== undefined) {
      result.push(...found.tokens);
      index = found.last;
      continue;
    }
    result.push(...ofToken(token, arrays, isWrite));
  }
  return result;
}

function ofToken(token: SqlToken, arrays: ArrayParameters, isWrite: boolean): readonly SqlToken[] {
  const found = token.parameter === undefined ? undefined : arrays.get(token.parameter);
  if (found === undefined) return [token];
  if (found.kind === "array" && !isWrite) return listOf(token, found);
  const parameter = found.kind === "array" ? found.whole : found.number;
  return [{ ...token, parameter, sql: `$${parameter}` }];
}

/** Tokens in the place of others, up to the one at `last`. */
interface Replaced {
  readonly tokens: readonly SqlToken[];
  readonly last: number;
}

function arrayOf(token: SqlToken | undefined, arrays: ArrayParameters): ArrayParameter | undefined {
  const found = token?.parameter === undefined ? undefined : arrays.get(token.parameter);
  return found?.kind === "array" ? found : undefined;
}

/** `= ANY ($1)`, `<> ALL ($1::TEXT[])`, `> ANY ($1)`. */
function quantified(tokens: readonly SqlToken[], index: number, arrays: ArrayParameters): Replaced | undefined {
  const [operator, quantifier, open] = tokens.slice(index, index + 3);
  const word = keywordOf(quantifier);
  if (operator?.kind !== "operator" || (word !== "ANY" && word !== "SOME" && word !== "ALL") || open?.text !== "(")
    return undefined;
  const item = arrayItem(tokens, index + 3, arrays);
  if (item === undefined || tokens[item.end]?.text !== ")") return undefined;
  const isMember = word !== "ALL" && operator.text === "=";
  const isNoMember = word === "ALL" && (operator.text === "<>" || operator.text === "!=");
  if (isMember || isNoMember) {
    const words = isMember ? ["IN"] : ["NOT", "IN"];
    return {
      tokens: [...words.map((text) => at(operator, "word", text)), ...inParentheses(elements(item), item.token)],
      last: item.end,
    };
  }
  const query = [
    keyword("SELECT"),
    keyword("unnest"),
    openParenthesis,
    ...listOf(item.token, item.array),
    ...item.cast,
    closeParenthesis,
  ];
  return { tokens: [operator, ourToken("word", word), openParenthesis, ...query, closeParenthesis], last: item.end };
}

/** `IN (a, $1, b)`; not `IN (SELECT …)`, and not a list without an array. */
function membership(tokens: readonly SqlToken[], index: number, arrays: ArrayParameters): Replaced | undefined {
  const open = tokens[index + 1];
  const token = tokens[index];
  if (token === undefined || keywordOf(token) !== "IN" || open?.text !== "(") return undefined;
  const items: (readonly SqlToken[])[] = [];
  let hasArray = false;
  let position = index + 2;
  for (;;) {
    const array = arrayItem(tokens, position, arrays);
    const isWhole = array !== undefined && isItemEnd(tokens[array.end]);
    const end = isWhole ? array.end : endOfItem(tokens, position);
    if (isWhole) items.push(...elements(array));
    else items.push(expandArrays(tokens.slice(position, end), arrays, { isWrite: false }));
    hasArray ||= isWhole;
    if (tokens[end] === undefined) return undefined;
    if (tokens[end]?.text === ")")
      return hasArray ? { tokens: [token, ...inParentheses(items, token)], last: end } : undefined;
    position = end + 1;
  }
}

const isItemEnd = (token: SqlToken | undefined): boolean => token?.text === "," || token?.text === ")";

/** The index of the comma or the parenthesis behind an item. */
function endOfItem(tokens: readonly SqlToken[], start: number): number {
  let depth = 0;
  let index = start;
  for (; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (depth === 0 && isItemEnd(token)) return index;
    if (token?.kind === "open") depth += 1;
    if (token?.kind === "close") depth -= 1;
  }
  return index;
}

interface ArrayItem {
  readonly token: SqlToken;
  readonly array: ArrayParameter;
  /** `::TEXT[]`. */
  readonly cast: readonly SqlToken[];
  readonly end: number;
}

/** `$1` or `$1::TEXT[]`. */
function arrayItem(tokens: readonly SqlToken[], start: number, arrays: ArrayParameters): ArrayItem | undefined {
  const [token, colons, type, open, close] = tokens.slice(start, start + 5);
  const array = arrayOf(token, arrays);
  if (token === undefined || array === undefined) return undefined;
  const isCast = colons?.text === "::" && type?.kind === "word" && open?.text === "[" && close?.text === "]";
  return isCast
    ? { token, array, cast: tokens.slice(start + 1, start + 5), end: start + 5 }
    : { token, array, cast: [], end: start + 1 };
}

/** Each element, cast to the type of the array's elements where it is cast. */
function elements({ token, array, cast }: ArrayItem): readonly (readonly SqlToken[])[] {
  return parametersOf(token, array).map((element) => [element, ...cast.slice(0, -2)]);
}

function parametersOf(token: SqlToken, { first, length }: ArrayParameter): readonly SqlToken[] {
  return Array.from({ length }, (_, index) => {
    const parameter = first + index;
    const element = { ...ourToken("parameter", `$${parameter}`), parameter };
    return index === 0 ? { ...at(token, "parameter", element.text), parameter } : element;
  });
}

function listOf(token: SqlToken, array: ArrayParameter): readonly SqlToken[] {
  return [ourToken("open", "["), ...parted(parametersOf(token, array).map((one) => [one])), ourToken("close", "]")];
}

function inParentheses(items: readonly (readonly SqlToken[])[], place: SqlToken): readonly SqlToken[] {
  return [openParenthesis, ...(items.length === 0 ? noRows(place) : parted(items)), closeParenthesis];
}

function parted(items: readonly (readonly SqlToken[])[]): readonly SqlToken[] {
  return items.flatMap((item, index) => (index === 0 ? item : [ourToken("operator", ","), ...item]));
}

/** A token of ours that stands where the script's does. */
function at({ start }: SqlToken, kind: SqlToken["kind"], text: string): SqlToken {
  return { kind, text, sql: text, start, gap: " " };
}

const keyword = (text: string): SqlToken => ourToken("word", text);
const openParenthesis = ourToken("open", "(");
const closeParenthesis = ourToken("close", ")");
/** `SELECT NULL WHERE FALSE`; the last word has a place in the script, as the readers of trees need it. */
function noRows(place: SqlToken): readonly SqlToken[] {
  return [..."SELECT NULL WHERE".split(" ").map(keyword), at(place, "word", "FALSE")];
}
