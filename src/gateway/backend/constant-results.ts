import type { Format } from "../../protocol/format-code.js";
import type { QueryStatement } from "../../syntax/postgres/postgres-statement.js";
import type { DataRows } from "../session/data-rows.js";
import type { StatementResult } from "../session/statement-result.js";

const keptResults = 200;

/** Larger ones are not what a pool asks to see whether a connection lives. */
const largestKept = 1024;

/**
 * Results of queries of literals alone, `SELECT 1`: pools ask them before each use of a connection, and nothing can
 * change them, so that the local PostgreSQL answers each once.
 */
export class ConstantResults {
  /** The one that was asked for longest ago is first. */
  readonly #kept = new Map<string, DataRows>();

  /** What is known of a query, else what `run` gives, which is then known. */
  async resultOf(
    { text }: QueryStatement,
    formats: readonly Format[],
    run: () => Promise<StatementResult>,
  ): Promise<Pick<StatementResult, "rows" | "tag">> {
    const key = `${formats.join(" ")} ${text}`;
    const known = this.#kept.get(key);
    if (known !== undefined) return { rows: given(known), tag: (rows) => `SELECT ${rows}` };
    const result = await run();
    return { rows: this.#keeping(key, result.rows), tag: (rows) => result.tag(rows) };
  }

  async *#keeping(key: string, rows: AsyncGenerator<DataRows>): AsyncGenerator<DataRows> {
    let only: DataRows | undefined;
    for await (const batch of rows) {
      only = only === undefined ? batch : undefined;
      yield batch;
    }
    if (only === undefined || only.count !== 1 || only.bytes.length > largestKept) return;
    this.#kept.set(key, { ...only, bytes: only.bytes.slice() });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > keptResults && oldest !== undefined) this.#kept.delete(oldest);
  }
}

async function* given(rows: DataRows): AsyncGenerator<DataRows> {
  yield rows;
}

/** Whether a query gives one row of texts, whole numbers, truth values and NULLs that stand in it, which no setting prints otherwise. */
export function isConstant({ query, relations, functions, parameters }: QueryStatement): boolean {
  if (query.kind !== "select" || relations.length + functions.length + parameters.length > 0) return false;
  const clauses = [query.from, query.where, query.having, query.qualify, query.limit, query.offset];
  const isBare = clauses.every((clause) => clause === undefined) && query.ctes.length + query.orderBy.length === 0;
  return (
    isBare &&
    query.groupBy.length === 0 &&
    query.items.length > 0 &&
    query.items.every(
      ({ expression }) =>
        expression.kind === "literal" &&
        (expression.value.type !== "number" || /^\d{1,18}$/.test(expression.value.text)),
    )
  );
}
