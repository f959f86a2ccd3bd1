import type { Table } from "../../catalog/catalog.js";
import { accountColumn } from "../../plan/access/account-rule.js";
import type { Constants, Scanned } from "../../plan/access/scan.js";
import { accessesOf } from "../../plan/access/scan.js";
import type { JsonObject } from "../../value/json.js";
import type { ReadColumn } from "./relation-reader.js";
import { columnReader } from "./relation-reader.js";
import type { RowBatch } from "./row-batch.js";

/** Leaves out of each batch the rows that one before it held: a row that several requests give is taken once. */
export function distinctRows({ table, scan }: Pick<Scanned, "table" | "scan">): (batch: RowBatch) => RowBatch {
  const identify = rowIdentity(table);
  if (accessesOf(scan).length < 2 || identify === undefined) return (batch) => batch;
  const seen = new Set<string>();
  return ({ objects, constants }) => {
    const isNew = (object: JsonObject): boolean => {
      const key = identify(object, constants);
      return key === undefined || (!seen.has(key) && seen.add(key).has(key));
    };
    return { objects: objects.filter(isNew), constants };
  };
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
