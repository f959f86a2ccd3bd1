import type { Parameter } from "../../catalog/catalog.js";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { didYouMean } from "../../error/suggestion.js";
import type { ColumnName } from "../../syntax/statement.js";
import { accountColumn } from "../access/account-rule.js";
import { findRelationColumn } from "../names/relation.js";
import type { Slot } from "./write-plan.js";
import type { WriteTarget } from "./write-target.js";

export const accountSlot: Slot = { kind: "account" };

interface SlotContext extends WriteTarget {
  readonly verb: string;
}

/** Where an inserted value goes: AccountId, a key of the path, or a parameter. */
export function slotOfColumn(column: ColumnName, context: SlotContext): Slot {
  if (column.name.toLowerCase() === accountColumn.toLowerCase()) return accountSlot;
  const key = keyOf(column, context);
  return key === undefined ? { kind: "parameter", parameter: assignedParameter(column, context) } : key;
}

function keyOf(column: ColumnName, { table, naming, endpoint }: SlotContext): Slot | undefined {
  const named = findRelationColumn({ kind: "table", table, naming }, column.name);
  const key = endpoint.keys.find((candidate) => candidate.column === named?.name);
  return key === undefined ? undefined : { kind: "key", placeholder: key.placeholder, name: key.column };
}

/** Parameters go by their name in SQL's spelling, or in Stripe's where the table is spelled that way. */
export function assignedParameter(column: ColumnName, { table, naming, endpoint, verb }: SlotContext): Parameter {
  const wanted = column.name.toLowerCase();
  const nameOf = (parameter: Parameter): string => (naming === "sql" ? parameter.name : parameter.path.join("_"));
  const found = endpoint.parameters.find((parameter) => nameOf(parameter).toLowerCase() === wanted);
  if (found !== undefined) return found;
  const accepted = endpoint.parameters.filter((parameter) => parameter.path.length === 1).map(nameOf);
  const exists = findRelationColumn({ kind: "table", table, naming }, column.name) !== undefined;
  throw new StripeSqlError(
    exists
      ? `column "${column.name}" cannot be ${verb} "${table.name}"`
      : `column "${column.name}" of "${table.name}" does not exist`,
    {
      sqlState: exists ? SqlState.featureNotSupported : SqlState.undefinedColumn,
      phase: "plan",
      detail: `Stripe accepts ${accepted.join(", ")}.`,
      hint: didYouMean(column.name, endpoint.parameters.map(nameOf)),
      position: column.position,
    },
  );
}
