/** A backslash command that says something impossible: a matter of what was typed, and no failure. */
export class CommandMistake extends Error {
  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message);
    this.name = "CommandMistake";
  }
}
