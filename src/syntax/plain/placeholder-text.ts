import { readConstant } from "../constant.js";
import type { Expression } from "../expression.js";
import type { SqlToken } from "../normalise.js";

/** What a placeholder stands for. */
export type Atom =
  | { readonly kind: "name"; readonly token: SqlToken }
  | { readonly kind: "constant"; readonly expression: Expression };

/** A plain SELECT with every name as "0", "1", … and every constant as $0, $1, …, numbered together. */
export interface PlaceholderText {
  readonly sql: string;
  readonly atoms: readonly Atom[];
}

/** No spelling of a name, a string or a number is left in it to be misread. */
export function placeholderText(tokens: readonly SqlToken[], classes: string): PlaceholderText {
  const atoms: Atom[] = [];
  const words: string[] = [];
  for (const [index, token] of tokens.entries()) {
    const isKeyword = isOfNullTest(classes, index);
    const constant = isKeyword ? undefined : readConstant(classes[index - 1] === "-" ? [minus, token] : [token]);
    if (classes[index] === "-") continue;
    if (classes[index] === "N") words.push(`"${atoms.push({ kind: "name", token }) - 1}"`);
    else if (constant === undefined) words.push(spellings.get(token.text) ?? token.text);
    else words.push(`$${atoms.push({ kind: "constant", expression: constant }) - 1}`);
  }
  return { sql: words.join(" ").replaceAll(" . ", "."), atoms };
}

const minus: SqlToken = { kind: "operator", text: "-", sql: "-", start: 0, gap: "" };
const spellings: ReadonlyMap<string, string> = new Map([
  ["==", "="],
  ["!=", "<>"],
]);

/** The NULL of IS [NOT] NULL. */
function isOfNullTest(classes: string, index: number): boolean {
  return classes[index - 1] === "i" || classes.slice(index - 2, index) === "i!";
}
