import type { Scalar } from "./scalar.js";

/**
 * Functions that make a text of texts, as the local engine does. Undefined for others, and for texts beyond ASCII, whose
 * letters' cases the engine decides. NULL beside `||` makes NULL.
 */
export function foldText(name: string, values: readonly (Scalar | undefined)[]): Scalar | undefined {
  const texts = values.flatMap((value) => (value?.type === "string" ? [value.value] : []));
  const [text = ""] = texts;
  if (name === "||" && values.every((value) => value?.type === "null" || value?.type === "string"))
    return texts.length < values.length ? { type: "null" } : { type: "string", value: texts.join("") };
  if (texts.length !== 1 || values.length !== 1 || !/^[\x20-\x7e]*$/.test(text)) return undefined;
  if (name === "lower" || name === "lcase") return { type: "string", value: text.toLowerCase() };
  return name === "upper" || name === "ucase" ? { type: "string", value: text.toUpperCase() } : undefined;
}
