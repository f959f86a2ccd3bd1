/** A name as SQL quotes it: `"AddressCity"`. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as a literal of SQL's: `'O''Brien'`. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
