/** What stands between two commas: a text in double quotes, or one without any character that means something. */
const element = /\s*(?:"((?:[^"\\]|\\[\s\S])*)"|([^{}",\\\s](?:[^{}",\\]*[^{}",\\\s])?))\s*(?:,|$)/y;

/**
 * The elements of an array as a text has them: `{a,"b c",NULL}`. Undefined for what is none, for arrays of arrays and for
 * bounds: those are left to the engine.
 * Source: https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
 */
export function parseArrayLiteral(text: string): readonly (string | null)[] | undefined {
  const inside = /^\s*\{([\s\S]*)\}\s*$/.exec(text)?.[1];
  if (inside === undefined) return undefined;
  if (inside.trim() === "") return [];
  if (/,\s*$/.test(inside)) return undefined;
  const elements: (string | null)[] = [];
  const pattern = new RegExp(element);
  while (pattern.lastIndex < inside.length) {
    const match = pattern.exec(inside);
    if (match === null) return undefined;
    const [, quoted, plain = ""] = match;
    if (quoted !== undefined) elements.push(quoted.replace(/\\([\s\S])/g, "$1"));
    else elements.push(/^null$/i.test(plain) ? null : plain);
  }
  return elements;
}
