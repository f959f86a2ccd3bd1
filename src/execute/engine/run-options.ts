/** A statement for the local engine: its text, and the values of $1, $2, … in it. */
export interface RunOptions {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}
