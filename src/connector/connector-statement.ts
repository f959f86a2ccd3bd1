import { StripeSqlError } from "../error/stripe-sql-error.js";

/** Runs a statement that the connector made up: a place in its text means nothing to whoever gave the input. */
export async function connectorStatement<Value>(run: () => Promise<Value>): Promise<Value> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof StripeSqlError && error.position !== undefined ? error.with({ position: undefined }) : error;
  }
}
