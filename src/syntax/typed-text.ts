/** What typed text holds: statements that are complete, and what is still to be continued. */
export interface TypedText {
  /** Complete statements, without their semicolons; none of them blank. */
  readonly statements: readonly string[];
  /** What follows the last semicolon; empty where that is nothing but spaces and comments. */
  readonly rest: string;
  /** What the rest is in the middle of. */
  readonly open: OpenPart;
}

/** The beginning of a quotation or comment that is not closed, `(` for a bracket, else nothing. */
export type OpenPart = "'" | '"' | "`" | "$" | "/*" | "(" | undefined;
