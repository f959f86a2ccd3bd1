import type { QueryBuffer } from "../input/query-buffer.js";
import type { Variables } from "../input/variables.js";
import type { ReplSession } from "../repl-session.js";
import type { CommandDescription } from "./command-description.js";

/** What a backslash command works on. */
export interface Shell {
  readonly session: ReplSession;
  readonly query: QueryBuffer;
  readonly environment: NodeJS.ProcessEnv;
  /** All that there are. */
  readonly commands: readonly CommandDescription[];
  variables: Variables;
  /** Folder of the saved queries. */
  readonly queriesFolder: string;
  /** What was entered in this session and earlier ones, oldest first. */
  history(): readonly string[];
  /** Runs a statement with variables in it; false where it failed. */
  runStatement(text: string): Promise<boolean>;
  /** Takes text as if it were typed: what has no semicolon goes on being typed. False where something failed. */
  feed(text: string): Promise<boolean>;
  /** Runs typed text of its own, commands too, up to the first failure. `path` is the file it is from, if any. */
  runScript(text: string, path: string | undefined): Promise<boolean>;
  /** The file that is being run. */
  readonly scriptPath: string | undefined;
  /** Gives the terminal to another program until that has ended. */
  lendTerminal<Result>(use: () => Promise<Result>): Promise<Result>;
  leave(): void;
  /** A line for the person. */
  say(line: string): void;
}
