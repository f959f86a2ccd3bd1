import type { TextStyle } from "./cell-text.js";
import { isoTimestampText } from "./timestamp-text.js";

type Restyle = (text: string) => string;

const nested = /\]$|^(?:STRUCT|MAP|UNION)\(/;
const integer = /^(?:U?(?:TINY|SMALL|BIG|HUGE)INT|U?INTEGER|BIGNUM)$/;

/**
 * Turns texts of the style "sql" into another style's: what `cellWriter` writes of the same value. So that what was kept
 * as text, to be shown, can be printed in every format later.
 *
 * @param type The column's, as `printDataType` names it.
 */
export function textRestyler(type: string, style: TextStyle): (text: string | null) => string | null {
  switch (style) {
    case "sql":
      return (text) => text;
    case "iso": {
      const restyle = type.startsWith("TIMESTAMP") && !nested.test(type) ? isoTimestampText : same;
      return (text) => (text === null ? null : restyle(text));
    }
    case "json": {
      const restyle = jsonRestyler(type);
      return (text) => (text === null ? "null" : restyle(text));
    }
  }
}

function jsonRestyler(type: string): Restyle {
  // These are JSON in every style.
  if (nested.test(type) || type === "JSON" || type === "VARIANT") return same;
  if (type === "BOOLEAN") return same;
  if (integer.test(type)) return (text) => (Number.isSafeInteger(Number(text)) ? text : `"${text}"`);
  if (type === "FLOAT" || type === "DOUBLE") return (text) => (Number.isFinite(Number(text)) ? text : `"${text}"`);
  if (type.startsWith("TIMESTAMP")) return (text) => JSON.stringify(isoTimestampText(text));
  return (text) => JSON.stringify(text);
}

const same: Restyle = (text) => text;
