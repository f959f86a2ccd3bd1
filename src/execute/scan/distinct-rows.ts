import type { Table } from "../../catalog/catalog.js";
import { accountColumn } from "../../plan/access/account-rule.js";
import type { Scanned } from "../../plan/access/scan.js";
import { accessesOf } from "../../plan/access/scan.js";
import type { ReadColumn } from "./relation-reader.js";
import { columnReader } from "./relation-reader.js";
import type { RowBatch } from "./row-batch.js";

/** Leaves out of each batch the rows that one before it held: a row that several requests give is taken once. */
export function distinctRows({ table, scan }: Pick<Scanned, "table" | "scan">): (batch: RowBatch) => RowBatch {
  const identity = identityOf(table);
  if (accessesOf(scan).length < 2 || identity.length === 0) return (batch) => batch;
  const seen = new Set<string>();
  return ({ objects, constants }) => {
    const isNew = (object: RowBatch["objects"][number]): boolean => {
      const key = identity.map((read) => read(object, constants));
      if (key[0] === null) return true;
      const text = JSON.stringify([constants[accountColumn] ?? null, ...key.map(String)]);
      return !seen.has(text) && seen.add(text).has(text);
    };
    return { objects: objects.filter(isNew), constants };
  };
}

function identityOf({ identity, columns }: Table): readonly ReadColumn[] {
  return identity
    .flatMap((name) => columns.find((column) => column.name === name) ?? [])
    .map((column) => columnReader({ name: column.name, column, constant: column.parentKey }));
}
