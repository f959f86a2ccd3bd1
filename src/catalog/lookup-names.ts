import type { Naming, Table } from "./catalog.js";

export interface LookupName {
  readonly schema: Table["schema"];
  /** In lower case. */
  readonly lookup: string;
  readonly tableIndex: number;
  /** "either" where the spellings differ in case alone (`Customer`, `customer`): the statement's case decides. */
  readonly naming: Naming | "either";
}

/** Every name under which a table is found. What a table is called goes before what it may also be called. */
export function lookupNames(tables: readonly Table[]): readonly LookupName[] {
  const names = new Map<string, LookupName>();
  for (const [tableIndex, table] of tables.entries()) {
    for (const [lookup, naming] of properNames(table)) {
      add(names, { schema: table.schema, lookup, tableIndex, naming });
    }
  }
  for (const other of uniqueOtherNames(tables)) add(names, other);
  return [...names.values()];
}

function add(names: Map<string, LookupName>, name: LookupName): void {
  const key = keyOf(name);
  const known = names.get(key);
  if (known === undefined) names.set(key, name);
  else if (known.tableIndex === name.tableIndex && known.naming !== name.naming)
    names.set(key, { ...known, naming: "either" });
}

function keyOf({ schema, lookup }: LookupName): string {
  return `${schema}.${lookup}`;
}

function properNames(table: Table): readonly (readonly [string, Naming])[] {
  return [
    [table.name.toLowerCase(), "sql"],
    [pascalPlural(table), "sql"],
    [table.stripeName, "stripe"],
    [table.stripePlural, "stripe"],
  ];
}

/** `payment_intents` -> `paymentintents` */
function pascalPlural(table: Table): string {
  return table.stripePlural.replaceAll("_", "");
}

/** Stripe's `object` value and the address: `invoiceitem`, `invoiceitems`; only where they mean one table. */
function uniqueOtherNames(tables: readonly Table[]): readonly LookupName[] {
  const byKey = new Map<string, LookupName | undefined>();
  for (const [tableIndex, table] of tables.entries()) {
    for (const lookup of otherNames(table)) {
      const name: LookupName = { schema: table.schema, lookup, tableIndex, naming: "stripe" };
      const known = byKey.get(keyOf(name));
      const isClaimed = byKey.has(keyOf(name)) && known?.tableIndex !== tableIndex;
      byKey.set(keyOf(name), isClaimed ? undefined : name);
    }
  }
  return [...byKey.values()].filter((name) => name !== undefined);
}

function otherNames(table: Table): readonly string[] {
  const path = table.lists[0]?.path ?? "";
  const address = path.includes("{") ? [] : [path.split("/").slice(2).join("_")];
  const objectType = table.objectType?.replace(/^v2\./, "").replaceAll(".", "_");
  return objectType === undefined ? address : [...address, objectType];
}
