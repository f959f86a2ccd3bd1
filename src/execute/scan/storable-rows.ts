import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { SelectPlan } from "../../plan/select/select-plan.js";
import { scanRelations } from "../../plan/select/select-plan.js";
import { isSecretName } from "../../stripe/redact-fields.js";
import type { ReadPaths } from "../kept/read-paths.js";
import { arePathsOfOneField, readPathsOf } from "../kept/read-paths.js";
import { keepableObjects } from "../kept/withheld-fields.js";
import type { RelationRows } from "./relation-rows.js";
import type { RowBatch } from "./row-batch.js";

/**
 * Rows that are to be held longer than a statement: they never have what is never kept, client secrets and the like. Of
 * what the statement reads that is told, field by field.
 */
export function storableRows(rows: RelationRows, plan: SelectPlan, notice: (text: string) => void): RelationRows {
  const reads = readPathsOf(plan);
  const keepable = <Relation extends WithTable>({ table }: Relation, batch: RowBatch): RowBatch => {
    const { objects, withheld } = keepableObjects(batch.objects);
    for (const field of withheldNames(table, withheld, reads))
      notice(`${field} of ${table.name} is NULL: secrets are not kept`);
    return { ...batch, objects };
  };
  return {
    async *read(relation, options) {
      for await (const batch of rows.read(relation, options)) yield keepable(relation, batch);
    },
    load: (take, compute) => rows.load((relation, batch) => take(relation, keepable(relation, batch)), compute),
    grow: (driver, take, compute) =>
      rows.grow(driver, (relation, batch) => take(relation, keepable(relation, batch)), compute),
    delivered: () => undefined,
  };
}

type WithTable = Pick<Parameters<RelationRows["read"]>[0], "table">;

/** Of fields within lists the names are the same in each row. */
function withheldNames(
  table: WithTable["table"],
  withheld: readonly (readonly string[])[],
  reads: ReadPaths,
): ReadonlySet<string> {
  const read = reads(table);
  return new Set(
    withheld.filter((path) => read.some((other) => arePathsOfOneField(path, other))).map((path) => path.join(".")),
  );
}

/** What a statement names is meant to be there: 42501 for a field that is never kept. */
export function rejectSecretColumns(plan: SelectPlan): void {
  for (const { table, columns } of scanRelations(plan))
    for (const { name, column, named } of columns) {
      if (!named || column.kind !== "column" || !isSecretName(column.path.join(" "))) continue;
      throw new StripeSqlError(`${name} of ${table.name} is a secret, which is not kept`, {
        sqlState: SqlState.insufficientPrivilege,
        phase: "plan",
        hint: "Leave the column out; a SELECT of its own reads it.",
      });
    }
}
