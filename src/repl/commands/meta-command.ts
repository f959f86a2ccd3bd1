import type { CommandArguments } from "./command-arguments.js";
import type { CommandDescription } from "./command-description.js";
import type { Shell } from "./shell.js";

/** A command that begins with a backslash. */
export interface MetaCommand extends CommandDescription {
  /** "line" for one that takes the rest of its line as it stands; default: words, as psql reads them. */
  readonly takes?: "words" | "line";
  /**
   * False where a statement that it ran has failed, which is reported by then. Throws `CommandMistake` before it does
   * anything, where its arguments are wrong.
   */
  run(given: CommandArguments, shell: Shell): boolean | Promise<boolean>;
}
