import type { Connection } from "../driver/api.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { quoteName } from "../value/quote.js";
import type { Verdict } from "./finding.js";
import { disagreesWhere, untold } from "./finding.js";
import type { TableSample } from "./sampled-table.js";

/** Runs a statement within the requests that are left. */
export type RunStatement = (sql: string) => ReturnType<Connection["query"]>;

const relation = ({ table: { schema, name } }: TableSample): string =>
  schema === "v2" ? `v2.${quoteName(name)}` : quoteName(name);

/** The object that a row is, by its keys, through our own planning. */
export async function checkStatementById(sample: TableSample, run: RunStatement): Promise<Verdict | undefined> {
  const { table, parents } = sample;
  const id = sample.rows[0]?.["id"];
  if (table.primaryKey !== "Id") return undefined;
  if (typeof id !== "string") return untold("no rows");
  const keys = Object.entries({ ...parents, Id: id }).map(([name, value]) => `${quoteName(name)} = ${literal(value)}`);
  const rows = await ran(() => run(`SELECT "Id" FROM ${relation(sample)} WHERE ${keys.join(" AND ")}`));
  if (typeof rows === "string") return disagreesWhere([rows]);
  return disagreesWhere(rows.length === 1 && rows[0]?.["Id"] === id ? [] : [`${rows.length} rows for one id`]);
}

/** The newest rows, as the list has them. */
export async function checkNewest(sample: TableSample, run: RunStatement): Promise<Verdict | undefined> {
  const { table, list, parents } = sample;
  const isOrdered = list.order !== undefined && table.primaryKey === "Id" && list.partitions === undefined;
  if (!isOrdered || Object.keys(parents).length > 0) return undefined;
  const wanted = sample.rows.slice(0, 3).map(({ id }) => id);
  if (wanted.length === 0) return untold("no rows");
  const rows = await ran(() =>
    run(`SELECT "Id" FROM ${relation(sample)} ORDER BY "Created" DESC LIMIT ${wanted.length}`),
  );
  if (typeof rows === "string") return disagreesWhere([rows]);
  const found = rows.map((row) => row["Id"]);
  return disagreesWhere(
    String(found) === String(wanted) ? [] : ["the newest rows are not those that the list begins with"],
  );
}

/** The rows, or why there are none; what is no failure of the statement itself is thrown. */
async function ran(run: () => ReturnType<RunStatement>) {
  try {
    return (await run()).rows;
  } catch (error) {
    if (error instanceof StripeSqlError && error.stripe.status !== undefined) return error.message;
    throw error;
  }
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
