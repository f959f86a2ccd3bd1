import type { Naming, Parameter } from "../../catalog/catalog.js";
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
  const slot = knownSlot(column, context);
  return slot ?? { kind: "parameter", parameter: assignedParameter(column, context) };
}

/** Whether an inserted value goes anywhere. */
export function takesColumn(column: ColumnName, target: WriteTarget): boolean {
  return knownSlot(column, target) !== undefined || findParameter(column, target) !== undefined;
}

function knownSlot(column: ColumnName, target: WriteTarget): Slot | undefined {
  return column.name.toLowerCase() === accountColumn.toLowerCase() ? accountSlot : keyOf(column, target);
}

function keyOf(column: ColumnName, { table, naming, endpoint }: WriteTarget): Slot | undefined {
  const named = findRelationColumn({ kind: "table", table, naming }, column.name);
  const key = endpoint.keys.find((candidate) => candidate.column === named?.name);
  return key === undefined ? undefined : { kind: "key", placeholder: key.placeholder, name: key.column };
}

/** Parameters go by their name in SQL's spelling, or in Stripe's where the table is spelled that way. */
export function assignedParameter(column: ColumnName, context: SlotContext): Parameter {
  const found = findParameter(column, context);
  if (found !== undefined) return found;
  const { table, naming, endpoint, verb } = context;
  const nameOf = parameterName(naming);
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

const parameterName =
  (naming: Naming) =>
  ({ name, path }: Parameter): string =>
    naming === "sql" ? name : path.join("_");

function findParameter({ name }: ColumnName, { naming, endpoint }: WriteTarget): Parameter | undefined {
  const nameOf = parameterName(naming);
  return endpoint.parameters.find((parameter) => nameOf(parameter).toLowerCase() === name.toLowerCase());
}
