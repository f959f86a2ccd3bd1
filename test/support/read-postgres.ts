import { parsePostgres } from "../../src/execute/postgres/parse-postgres.js";
import type { Query } from "../../src/syntax/expression.js";
import type { PostgresStatement } from "../../src/syntax/postgres/postgres-statement.js";
import { readPostgresTree } from "../../src/syntax/postgres/read-postgres-tree.js";

/** The statements of a text in PostgreSQL's dialect. */
export async function readPostgres(text: string): Promise<readonly PostgresStatement[]> {
  return readPostgresTree(await parsePostgres(text), text, { defaultSchema: "stripe", writesIsoDates: true });
}

/** The one statement of a text, of the kind that is asked for. */
export async function postgresStatement<Kind extends PostgresStatement["kind"]>(
  text: string,
  kind: Kind,
): Promise<Extract<PostgresStatement, { kind: Kind }>> {
  const [statement, ...others] = await readPostgres(text);
  const isWanted = (found: PostgresStatement | undefined): found is Extract<PostgresStatement, { kind: Kind }> =>
    found?.kind === kind;
  if (!isWanted(statement) || others.length > 0) throw new Error(`${statement?.kind}, not ${kind}: ${text}`);
  return statement;
}

/** The tree of the one query in a text. */
export async function postgresQuery(text: string): Promise<Query> {
  return (await postgresStatement(text, "query")).query;
}
