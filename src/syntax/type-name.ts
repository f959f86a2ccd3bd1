import type { Token } from "./token.js";

const synonyms: Readonly<Record<string, string>> = {
  "TIMESTAMP WITH TIME ZONE": "TIMESTAMPTZ",
  "TIMESTAMP WITHOUT TIME ZONE": "TIMESTAMP",
  "TIME WITHOUT TIME ZONE": "TIME",
  "DOUBLE PRECISION": "DOUBLE",
  "CHARACTER VARYING": "VARCHAR",
};

/** The type that the tokens spell, in upper case, one name for each: "TIMESTAMPTZ", "DECIMAL(10,2)". */
export function typeName(tokens: readonly Token[]): string {
  const text = tokens.map(({ text }) => text.toUpperCase()).join(" ");
  const compact = text.replace(/ ?([()[\],.]) ?/g, "$1");
  return synonyms[compact] ?? compact;
}

const secondWords: Readonly<Record<string, string>> = { DOUBLE: "PRECISION", CHARACTER: "VARYING" };

/** Index behind the type that begins at `start`, as it may stand behind `::`. */
export function endOfType(tokens: readonly Token[], start: number, closeOf: (open: number) => number): number {
  let end = start + 1;
  const word = (at: number): string => tokens[at]?.text.toUpperCase() ?? "";
  if (secondWords[word(start)] !== undefined && word(end) === secondWords[word(start)]) end += 1;
  if (word(end) === "(") end = closeOf(end) + 1;
  if ((word(end) === "WITH" || word(end) === "WITHOUT") && word(end + 1) === "TIME") end += 3;
  while (word(end) === "[" && (word(end + 1) === "]" || word(end + 2) === "]")) end = closeOf(end) + 1;
  return end;
}

const literalTypes = new Set(
  "DATE TIME TIMESTAMP TIMESTAMPTZ JSON VARCHAR TEXT BIGINT INTEGER INT DOUBLE BOOLEAN BOOL UUID".split(" "),
);

/** Index of the string in `DATE '…'`, `TIMESTAMP WITH TIME ZONE '…'` that begins at `start`; undefined where it is none. */
export function typedLiteralString(tokens: readonly Token[], start: number): number | undefined {
  if (!literalTypes.has(tokens[start]?.text.toUpperCase() ?? "")) return undefined;
  const end = endOfType(tokens, start, (open) => open);
  return tokens[end]?.kind === "string" ? end : undefined;
}
