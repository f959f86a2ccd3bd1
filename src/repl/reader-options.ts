import type { Completion } from "./completion.js";

export interface ReaderOptions {
  /** Oldest first. */
  readonly history: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly isColored: () => boolean;
  /** By what stands before the cursor, and behind it. */
  readonly complete: (before: string, after: string) => Completion;
}
