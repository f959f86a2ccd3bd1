import { StripeSqlError } from "../../src/error/stripe-sql-error.js";

/** All that an error says, for comparison as a whole. */
export interface ErrorFacts {
  readonly message: string;
  readonly sqlState: string;
  readonly position?: number;
  readonly detail?: string;
  readonly hint?: string;
}

/** What a call threw. Anything but a StripeSqlError is rethrown; nothing thrown is a failure. */
export function errorFacts(run: () => unknown): ErrorFacts {
  try {
    run();
  } catch (error) {
    if (!(error instanceof StripeSqlError) || error.phase !== "syntax") throw error;
    const { message, sqlState, position, detail, hint } = error;
    return {
      message,
      sqlState,
      ...(position === undefined ? {} : { position }),
      ...(detail === undefined ? {} : { detail }),
      ...(hint === undefined ? {} : { hint }),
    };
  }
  throw new Error("nothing was thrown");
}
