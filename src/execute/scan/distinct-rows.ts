import type { Table } from "../../catalog/catalog.js";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { accountColumn } from "../../plan/access/account-rule.js";
import type { Binding, Constants, Scanned } from "../../plan/scan/scan.js";
import { accessesOf } from "../../plan/scan/scan.js";
import type { JsonObject } from "../../value/json.js";
import type { ReadColumn } from "./relation-reader.js";
import { columnReader } from "./relation-reader.js";
import type { RowBatch } from "./row-batch.js";

/**
 * Leaves out of each batch the rows that one before it held: a row that several requests give is taken once, one that is
 * listed for several values of a join once for each.
 */
export function distinctRows({ table, scan }: Pick<Scanned, "table" | "scan">): (batch: RowBatch) => RowBatch {
  const identify = rowIdentity(table);
  const bindings = accessesOf(scan).flatMap((access) => access.bindings);
  const isOneWay = accessesOf(scan).length < 2 && !(scan.kind === "inexact" && scan.unkeyed !== undefined);
  const isOnce = isOneWay && bindings.every(({ kind }) => kind === "parent" || kind === "key");
  if (isOnce || identify === undefined) return (batch) => batch;
  const joined = valuesOf(bindings, "join");
  const members = valuesOf(bindings, "member");
  const seen = new Map<string, string>();
  return ({ objects, constants }) => {
    const [prefix, member] = [joined(constants), members(constants)];
    const isNew = (object: JsonObject): boolean => {
      const identity = identify(object, constants);
      if (identity === undefined) return true;
      const key = prefix + identity;
      const known = seen.get(key);
      if (known !== undefined && known !== member) throw severalValues(table, bindings);
      seen.set(key, member);
      return known === undefined;
    };
    return { objects: objects.filter(isNew), constants };
  };
}

/** The values that rows were listed for, as one text; "" where they were for none of the kind. */
function valuesOf(bindings: readonly Binding[], wanted: Binding["kind"]): (constants: Constants) => string {
  const columns = [...new Set(bindings.filter(({ kind }) => kind === wanted).map(({ column }) => column))];
  return (constants) =>
    columns.length === 0 ? "" : JSON.stringify(columns.map((column) => constants[column] ?? null));
}

function severalValues({ name }: Table, bindings: readonly Binding[]): StripeSqlError {
  const columns = [...new Set(bindings.map(({ column }) => `"${column}"`))].join(", ");
  return new StripeSqlError(`a row of "${name}" has several values of ${columns} that the subquery may give`, {
    sqlState: SqlState.featureNotSupported,
    phase: "execute",
    hint: `Join "${name}" to the subquery's table, with DISTINCT where one row is wanted of each.`,
  });
}

/** Gives the text that tells a row of a table from all others, where it has one; undefined where rows have no identity. */
export function rowIdentity(
  table: Table,
): ((object: JsonObject, constants: Constants) => string | undefined) | undefined {
  const [first, ...others] = identityOf(table);
  if (first === undefined) return undefined;
  return (object, constants) => {
    const account = constants[accountColumn] ?? null;
    const id = first(object, constants);
    if (id === null) return undefined;
    return others.length === 0 && account === null
      ? String(id)
      : JSON.stringify([account, String(id), ...others.map((read) => String(read(object, constants)))]);
  };
}

function identityOf({ identity, columns }: Table): readonly ReadColumn[] {
  return identity
    .flatMap((name) => columns.find((column) => column.name === name) ?? [])
    .map((column) => columnReader({ column, constant: column.parentKey }));
}
