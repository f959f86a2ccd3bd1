import type { Catalog, Column, Table } from "../catalog/catalog.js";
import type { Json, JsonObject } from "../value/json.js";

/** `Customer`, or `v2.Account`: how the store and its users call a table. */
export function typeOf(table: Pick<Table, "schema" | "name">): string {
  return table.schema === "v2" ? `v2.${table.name}` : table.name;
}

/** Tables by type, and what an object of each looks like when nothing is set. */
export class ObjectShapes {
  readonly #tables: ReadonlyMap<string, Table>;
  readonly #byObjectType = new Map<string, Table | undefined>();
  readonly #blanks = new Map<string, JsonObject>();

  constructor(catalog: Catalog) {
    this.#tables = new Map(catalog.tables().map((table) => [typeOf(table), table]));
    for (const table of this.#tables.values()) {
      const { objectType } = table;
      if (objectType !== undefined)
        this.#byObjectType.set(objectType, this.#byObjectType.has(objectType) ? undefined : table);
    }
  }

  get tables(): ReadonlyMap<string, Table> {
    return this.#tables;
  }

  table(type: string): Table {
    const table = this.#tables.get(type);
    if (table === undefined) throw new RangeError(`the catalog has no table ${type}`);
    return table;
  }

  /** The one table whose rows have this `object`; undefined where several do. */
  tableOfObjectType(objectType: string): Table | undefined {
    return this.#byObjectType.get(objectType);
  }

  /** "payment intent" is Stripe's word for it in messages: "No such payment_intent". */
  resourceName(type: string): string {
    const table = this.#tables.get(type);
    return table?.objectType ?? table?.stripeName ?? type;
  }

  /**
   * Every field that Stripe always sends: null where it may be, else empty. Fields that are only included on
   * request are absent.
   */
  blank(type: string): JsonObject {
    const known = this.#blanks.get(type);
    if (known !== undefined) return known;
    const blank = compact(blankOf(this.table(type)));
    this.#blanks.set(type, blank);
    return blank;
  }
}

/** Parsed objects have a fixed layout, which copies four times as fast as one that grew key by key. */
function compact(object: JsonObject): JsonObject {
  // A serialised JSON object parses to one.
  return JSON.parse(JSON.stringify(object)) as JsonObject;
}

function blankOf(table: Table): JsonObject {
  const blank: Record<string, Json> = {};
  const columns = table.columns.filter(isAlwaysSent);
  for (const [key, group] of groupByFirstKey(columns)) blank[key] = blankField(group, 1);
  if (table.objectType !== undefined && "object" in blank) blank["object"] = table.objectType;
  return blank;
}

/** `deleted` only stands in what is left of a deleted object. */
export function isAlwaysSent({ path, hidden, includable }: Column): boolean {
  return path.length > 0 && path[0] !== "deleted" && !hidden && !includable;
}

function groupByFirstKey(columns: readonly Column[], depth = 0): ReadonlyMap<string, readonly Column[]> {
  const groups = new Map<string, Column[]>();
  for (const column of columns) {
    const key = column.path[depth];
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [column]);
    else group.push(column);
  }
  return groups;
}

/** A flattened object all of whose fields may be null is itself most likely the nullable part. */
function blankField(columns: readonly Column[], depth: number): Json {
  const [only] = columns;
  if (only === undefined) return null;
  if (columns.length === 1 && only.path.length === depth) return blankValue(only);
  if (columns.every(({ nullable }) => nullable)) return null;
  const fields = [...groupByFirstKey(columns, depth)].map(
    ([key, group]) => [key, blankField(group, depth + 1)] as const,
  );
  return Object.fromEntries(fields);
}

export function blankValue(column: Column): Json {
  if (column.nullable) return null;
  switch (column.type) {
    case "BIGINT":
    case "DOUBLE":
    case "TIMESTAMPTZ":
      return 0;
    case "BOOLEAN":
      return false;
    case "DECIMAL":
      return "0";
    case "VARCHAR":
      return column.enumValues?.[0] ?? "";
    case "JSON":
      return blankJson(column.jsonShape);
  }
}

function blankJson(shape: Column["jsonShape"]): Json {
  switch (shape) {
    case "array":
      return [];
    case "list":
      return { object: "list", data: [], has_more: false, url: "" };
    case "object":
    case "map":
      return {};
    case "any":
    case undefined:
      return null;
  }
}
