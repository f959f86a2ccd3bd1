/** In the order in which `\?` shows them. */
export const commandGroups = [
  "General",
  "Query buffer",
  "Schema",
  "Saved queries",
  "Files",
  "Variables",
  "Display",
] as const;

/** A command that begins with a backslash, as help and completion know it. */
export interface CommandDescription {
  readonly name: `\\${string}`;
  readonly aliases?: readonly `\\${string}`[];
  /** "[NAME]", as help shows it. */
  readonly argument: string;
  /** What it does, for help. */
  readonly effect: string;
  readonly group: (typeof commandGroups)[number];
  /** What Tab offers for its argument: names of the schema, paths, or the words that it takes. Default: nothing. */
  readonly completes?: "tables" | "procedures" | "names" | "paths" | readonly string[] | WordsInOrder;
}

/** What begins an argument, and what may stand behind that; a path behind "to". */
export interface WordsInOrder {
  readonly first: readonly string[];
  readonly later: readonly string[];
}
