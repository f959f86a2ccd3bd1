import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { Views } from "../../syntax/expand-views.js";
import { viewKey, viewsNamedIn } from "../../syntax/expand-views.js";

/**
 * What a statement fails with: where a view that it names cannot be read itself, as a table of its query is gone, the
 * view is named. What fails beneath a view has no place in the statement.
 *
 * @param describe Fails where a query cannot be run.
 */
export async function viewFailure(
  error: unknown,
  { text, views }: { readonly text: string; readonly views: Views },
  describe: (sql: string) => Promise<unknown>,
): Promise<unknown> {
  if (!isOfNames(error)) return error;
  return (await brokenView(text, views, describe)) ?? error;
}

async function brokenView(
  text: string,
  views: Views,
  describe: (sql: string) => Promise<unknown>,
): Promise<StripeSqlError | undefined> {
  for (const view of viewsNamedIn(text, views)) {
    const { name, sql } = view;
    const others = new Map([...views].filter(([key]) => key !== viewKey(view)));
    const beneath = await brokenView(sql, others, describe);
    if (beneath !== undefined) return beneath;
    try {
      await describe(sql);
    } catch (error) {
      if (!isOfNames(error)) throw error;
      const hint = [error.hint, `CREATE OR REPLACE gives the view another query, DROP VIEW removes it.`];
      return error.with({
        message: `view "${name}" cannot be read: ${error.message}`,
        hint: hint.filter((part) => part !== undefined).join(" "),
        position: undefined,
        cause: error,
      });
    }
  }
  return undefined;
}

/** Class 42: names and types that a text gets wrong. */
const isOfNames = (error: unknown): error is StripeSqlError =>
  error instanceof StripeSqlError && error.sqlState.startsWith("42");
