import { visibleText } from "../value/visible-text.js";

/**
 * A value for people, as PostgreSQL prints it. A text that reads as NULL does stands in quotes, and so does one that
 * reads like that: 'NULL'.
 */
export function displayText(text: string | null, nullText = "NULL"): string {
  if (text === null) return nullText;
  const visible = visibleText(text);
  return nullText !== "" && visible.replace(/^'+|'+$/g, "") === nullText ? `'${visible}'` : visible;
}
