import type { Column, ListEndpoint, Table } from "../../catalog/catalog.js";
import type { Json, JsonObject } from "../../value/json.js";
import { isJsonObject } from "../../value/json.js";
import { textField } from "../json-field.js";
import { isAlwaysSent, typeOf } from "../object-shape.js";
import type { SeedContext } from "./seed-context.js";

const day = 86_400;
const rowsPerTable = 3;

/** What the business itself is about: rows made up here would tell a story that does not hold together. */
const coherent: ReadonlySet<string> = new Set([
  "BalanceTransaction",
  "Charge",
  "CheckoutSession",
  "CheckoutSessionLineItem",
  "CreditNote",
  "CreditNoteLineItem",
  "Customer",
  "CustomerBalanceTransaction",
  "Dispute",
  "Event",
  "Invoice",
  "InvoiceItem",
  "InvoiceLineItem",
  "InvoicePayment",
  "PaymentIntent",
  "PaymentMethod",
  "Payout",
  "Quote",
  "QuoteLineItem",
  "Refund",
  "Subscription",
  "SubscriptionItem",
  // Nobody is on one, and each would be looked through for rows.
  "TestHelpersTestClock",
]);

/** Gives each table that the business is not about three rows, made up from its columns. */
export function seedFabricated(seed: SeedContext): void {
  const empty = [...seed.shapes.tables.values()].filter((table) => {
    const type = typeOf(table);
    return !coherent.has(type) && seed.all(type).length === 0;
  });
  const ids = new Map(empty.map((table) => [typeOf(table), idsFor(seed, table)]));
  for (const table of empty) {
    const count = isSingleton(table) ? 1 : rowsPerTable;
    for (let index = 0; index < count; index++) new Fabrication(seed, ids, index).add(table);
  }
}

function isSingleton(table: Table): boolean {
  return table.lists.some(({ pagination }) => pagination === "singleton");
}

function idsFor(seed: SeedContext, table: Table): readonly string[] {
  if (table.primaryKey === undefined) return [];
  return Array.from({ length: rowsPerTable }, () => seed.newId(typeOf(table)));
}

/** Makes the rows with one number up: the first has every field set, the second only those that must be. */
class Fabrication {
  readonly #seed: SeedContext;
  readonly #ids: ReadonlyMap<string, readonly string[]>;
  readonly #index: number;

  constructor(seed: SeedContext, ids: ReadonlyMap<string, readonly string[]>, index: number) {
    this.#seed = seed;
    this.#ids = ids;
    this.#index = index;
  }

  add(table: Table): void {
    const parent = this.#parentOf(table);
    const fields: Record<string, Json> = {};
    for (const column of table.columns) {
      if (isAlwaysSent(column)) setAt(fields, column.path, this.#value(table, column));
    }
    for (const [path, key] of parent.fields) setAt(fields, path, key);
    this.#seed.add(typeOf(table), { ...fields, ...fixedFields(this.#seed, table, this.#index) }, parent.key);
  }

  /** A nested list's rows belong to the newest object of each parent, where whoever looks first finds them. */
  #parentOf(table: Table): {
    readonly key: string;
    readonly fields: readonly (readonly [readonly string[], string])[];
  } {
    const nested: ListEndpoint | undefined = table.lists[0];
    const keys = (nested?.parents ?? []).map((parent) => {
      const column = table.columns.find(({ name }) => name === parent.column);
      return {
        path: column?.path ?? [],
        key: this.#reference(typeOf({ schema: table.schema, name: parent.table }), -1) ?? "",
      };
    });
    const fields = keys.filter(({ path }) => path.length > 0).map(({ path, key }) => [path, key] as const);
    return { key: keys[keys.length - 1]?.key ?? "", fields };
  }

  #value(table: Table, column: Column): Json {
    const type = typeOf(table);
    if (column.name === table.primaryKey) return this.#ids.get(type)?.[this.#index] ?? null;
    if (column.path.length === 1 && column.path[0] === "object" && table.objectType !== undefined)
      return table.objectType;
    if (column.references !== undefined) {
      return (
        this.#reference(typeOf({ schema: table.schema, name: column.references }), this.#index) ??
        (column.nullable ? null : "")
      );
    }
    if (column.nullable && this.#index % 2 === 1) return null;
    return this.#plain(table, column);
  }

  #plain(table: Table, column: Column): Json {
    const { enumValues } = column;
    if (enumValues !== undefined && enumValues.length > 0) return enumValues[this.#index % enumValues.length] ?? null;
    switch (column.type) {
      case "BIGINT":
        return 100 * (this.#index + 1);
      case "DOUBLE":
        return this.#index + 0.5;
      case "DECIMAL":
        return `${this.#index + 1}.25`;
      case "BOOLEAN":
        return !/livemode|deleted|closed/.test(column.stripeName) && this.#index % 2 === 0;
      case "TIMESTAMPTZ":
        return timeOf(this.#seed, table, this.#index);
      case "VARCHAR":
        return wordFor(column.stripeName, this.#index);
      case "JSON":
        return emptyJson(column);
    }
  }

  /** The id of an existing object of a type, or of one that is about to be made up; -1 for the last. */
  #reference(type: string, index: number): string | undefined {
    const made = this.#ids.get(type);
    if (made !== undefined) {
      const at = index < 0 ? made.length - 1 : index % Math.max(1, made.length);
      return codes[type]?.[at] ?? made[at];
    }
    const existing = this.#seed.all(type);
    const object = existing.at(index < 0 ? index : index % Math.max(1, existing.length));
    return object === undefined ? undefined : textField(object, "id");
  }
}

function timeOf(seed: SeedContext, table: Table, index: number): Json {
  const seconds = seed.startSeconds + 100 * day * (index + 1);
  return table.schema === "v2" ? isoTime(Math.min(seconds, seed.endSeconds)) : seconds;
}

const isoTime = (seconds: number): string => new Date(seconds * 1000).toISOString();

function wordFor(name: string, index: number): string {
  if (/currency$/.test(name)) return index % 2 === 0 ? "usd" : "eur";
  if (/country$/.test(name)) return ["US", "DE", "FR"][index % 3] ?? "US";
  if (/email$/.test(name)) return `${name}${index + 1}@example.com`;
  if (/url$|_uri$/.test(name)) return `https://example.com/${name}/${index + 1}`;
  if (/last4$/.test(name)) return String(1000 + index);
  if (/phone$/.test(name)) return `+1212555${1000 + index}`;
  return `${name}_${index + 1}`;
}

function emptyJson(column: Column): Json {
  switch (column.jsonShape) {
    case "array":
      return [];
    case "list":
      return { object: "list", data: [], has_more: false, url: "" };
    case "map":
    case "object":
      return {};
    case "any":
    case undefined:
      return null;
  }
}

function setAt(fields: Record<string, Json>, path: readonly string[], value: Json): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (rest.length === 0) {
    fields[key] = value;
    return;
  }
  const inner: Json | undefined = fields[key];
  const object: Record<string, Json> = isJsonObject(inner) ? { ...inner } : {};
  setAt(object, rest, value);
  fields[key] = object;
}

/** Ids that are codes. */
const codes: Readonly<Record<string, readonly string[]>> = {
  CountrySpec: ["US", "DE", "FR"],
  ExchangeRate: ["usd", "eur", "gbp"],
  TaxCode: ["txcd_10000000", "txcd_20030000", "txcd_99999999"],
};

/** What the columns cannot tell. */
function fixedFields(seed: SeedContext, table: Table, index: number): JsonObject {
  const code = codes[table.name]?.[index];
  const isOnClock = table.columns.some(({ path }) => path.join(".") === "test_clock");
  return {
    ...(code === undefined || table.schema === "v2" ? {} : { id: code }),
    ...(isOnClock ? { test_clock: null } : {}),
    // Listed for thirty days only.
    ...(typeOf(table) === "v2.Event" ? { created: isoTime(seed.endSeconds - (index + 1) * day) } : {}),
  };
}
