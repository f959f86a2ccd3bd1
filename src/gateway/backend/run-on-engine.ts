import { PostgresStatementEngine } from "../../execute/postgres/postgres-workspace.js";
import { readsActivity } from "../../execute/postgres/schema/show-activity.js";
import type { PostgresStatement, QueryStatement } from "../../syntax/postgres/postgres-statement.js";
import type { StatementResult } from "../session/statement-result.js";
import { boundStatement } from "./bound-statement.js";
import { fieldsOf } from "./describe-statement.js";
import { engineResult } from "./result-rows.js";
import type { Running } from "./run-on-stripe.js";
import { runningClient } from "./statement-client.js";
import { requireBound } from "./statement-refusals.js";

/** Runs a statement that names nothing of Stripe's: PostgreSQL answers it alone. */
export async function runOnEngine(statement: PostgresStatement, { context, parts }: Running): Promise<StatementResult> {
  const { engine, prompt, catalog } = parts;
  const turns = readsActivity.test(statement.text) ? prompt : engine;
  const client = runningClient(statement, context, parts);
  const { fields } = statement.kind === "copy-to" ? { fields: undefined } : await fieldsOf(statement, context, parts);
  requireBound(statement, context);
  let tag: string | undefined;
  const onTag = (given: string): void => {
    tag = given;
  };
  const bound = boundStatement(statement, { client, onTag }, { context, parts });
  const workspace = await new PostgresStatementEngine(turns, catalog, bound).session(context.signal);
  return engineResult(workspace, { text: statement.text, offset: statement.offset, fields, tag: () => tag ?? "" });
}

/** Runs a query of literals alone, once for all clients. */
export async function runConstant(statement: QueryStatement, { context, parts }: Running): Promise<StatementResult> {
  const { fields } = await fieldsOf(statement, context, parts);
  const result = await parts.constants.resultOf(statement, context.resultFormats, () =>
    runOnEngine(statement, { context, parts }),
  );
  return { ...result, fields };
}
