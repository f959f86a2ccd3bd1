import type { Column, Table } from "../catalog/catalog.js";
import type { Json, JsonObject } from "../value/json.js";
import { isJsonObject } from "../value/json.js";
import type { AccountState, StripeObject } from "./account-state.js";
import { parseRow } from "./account-state.js";
import { includedField } from "./included-field.js";
import { invalidRequest } from "./refusals.js";

/** Source: https://docs.stripe.com/api/expanding_objects */
const maximumDepth = 4;

/** Reads `expand[]`, refusing what is no list of texts or goes deeper than Stripe does. */
export function readExpansions(value: Json | undefined): readonly string[] {
  if (value === undefined || value === "") return [];
  if (!Array.isArray(value)) throw invalidRequest("Invalid array", { param: "expand" });
  return value.map((path) => {
    const text = String(path);
    if (text.split(".").length <= maximumDepth) return text;
    throw invalidRequest(`You cannot expand more than ${maximumDepth} levels of a property. Property: ${text}`, {
      param: "expand",
    });
  });
}

/** An object of a table with the properties at these paths expanded. */
export function expandObject(
  state: AccountState,
  table: Table | undefined,
  object: StripeObject,
  paths: readonly string[],
): StripeObject {
  return paths.reduce(
    (expanded, path) => new Expansion(state, path).ofObject(table, expanded, path.split(".")),
    object,
  );
}

/** Paths of a list's rows; on a list, every path starts with "data". */
export function rowExpansions(paths: readonly string[]): readonly string[] {
  return paths.map((path) => {
    if (path.startsWith("data.")) return path.slice("data.".length);
    throw invalidRequest(
      `This property cannot be expanded (${path}). You may want to try expanding 'data.${path}' instead.`,
      {
        param: "expand",
      },
    );
  });
}

/** Follows one path: ids on it are replaced by their objects, fields that are not sent by default are added. */
class Expansion {
  readonly #state: AccountState;
  readonly #path: string;

  constructor(state: AccountState, path: string) {
    this.#state = state;
    this.#path = path;
  }

  ofObject(table: Table | undefined, object: StripeObject, steps: readonly string[]): StripeObject {
    return this.#ofFields({ table, root: object, inside: [] }, object, steps);
  }

  #ofFields(place: Place, fields: JsonObject, steps: readonly string[]): JsonObject {
    const [key, ...rest] = steps;
    if (key === undefined) return fields;
    const inside = [...place.inside, key];
    const value = fields[key] ?? this.#missing(place, inside, key);
    if (value === undefined || value === null)
      return key in fields || value === undefined ? fields : { ...fields, [key]: null };
    this.#refuseScalar(place, inside, value);
    return { ...fields, [key]: this.#ofValue({ ...place, inside }, value, rest) };
  }

  #ofValue(place: Place, value: Json, steps: readonly string[]): Json {
    if (typeof value === "string") return this.#ofReference(value, steps);
    if (Array.isArray(value)) return value.map((element: Json) => this.#ofValue(place, element, steps));
    if (!isJsonObject(value)) return value;
    const table = tableOf(this.#state, value);
    return table === undefined ? this.#ofFields(place, value, steps) : this.ofObject(table, value, steps);
  }

  #ofReference(id: string, steps: readonly string[]): Json {
    const row = this.#state.world.store.findById(this.#state.account, id);
    if (row === undefined) return id;
    const object = parseRow(row);
    return row.deleted === 1 ? object : this.ofObject(this.#state.world.shapes.tables.get(row.type), object, steps);
  }

  /** A field that is absent is either one that is only included when expanded, or none at all. */
  #missing(place: Place, inside: readonly string[], key: string): Json | undefined {
    if (place.table === undefined) return undefined;
    const column = place.table.columns.find(
      ({ path, includable }) => includable && path.join(".") === inside.join("."),
    );
    if (column !== undefined) return includedField(this.#state, place.table, place.root, column);
    const isKnown = place.table.columns.some(
      ({ path }) => startsWith(path, inside) || (path.length > 0 && startsWith(inside, path)),
    );
    if (!isKnown) throw cannotExpand(this.#path);
    return key in place.root ? null : undefined;
  }

  #refuseScalar(place: Place, inside: readonly string[], value: Json): void {
    const column: Column | undefined = place.table?.columns.find(({ path }) => path.join(".") === inside.join("."));
    const isText = typeof value === "string";
    if (
      typeof value === "object" ||
      (isText && (column === undefined || column.references !== undefined || isId(value)))
    )
      return;
    throw cannotExpand(this.#path);
  }
}

/** Where in an object a step stands. */
interface Place {
  readonly table: Table | undefined;
  readonly root: StripeObject;
  readonly inside: readonly string[];
}

function startsWith(path: readonly string[], start: readonly string[]): boolean {
  return start.every((key, index) => path[index] === key);
}

function isId(text: string): boolean {
  return /^[a-z_]+_(?=.*[A-Z0-9])[A-Za-z0-9_]+$/.test(text);
}

function cannotExpand(path: string): Error {
  return invalidRequest(`This property cannot be expanded (${path}).`, { param: "expand" });
}

/** The table of an object that stands inside another; undefined where its `object` does not tell. */
function tableOf(state: AccountState, object: JsonObject): Table | undefined {
  const objectType = object["object"];
  if (typeof objectType !== "string" || objectType === "list" || typeof object["id"] !== "string") return undefined;
  return state.world.shapes.tableOfObjectType(objectType);
}
