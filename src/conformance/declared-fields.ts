import type { Column, Table } from "../catalog/catalog.js";
import { ExactNumber } from "../value/exact-number.js";
import type { Json, JsonObject } from "../value/json.js";
import { isJsonObject, jsonAt } from "../value/json.js";

/** Fields of an object that no column of its table, and no structure of one, has. */
export function unknownFields(table: Table, object: JsonObject): readonly string[] {
  return unknownBeneath(object, [], fieldColumns(table));
}

function unknownBeneath(object: JsonObject, path: readonly string[], columns: readonly Column[]): readonly string[] {
  return Object.entries(object).flatMap(([key, value]): readonly string[] => {
    const here = [...path, key];
    const beneath = columns.filter(({ path: other }) => startsWith(other, here));
    if (beneath.length === 0) return [here.join(".")];
    const isWhole = beneath.some(
      ({ path: other, references }) =>
        other.length === here.length ||
        (references !== undefined && other.length === here.length + 1 && other.at(-1) === "id"),
    );
    return isWhole || !isJsonObject(value) ? [] : unknownBeneath(value, here, beneath);
  });
}

/** Fields that the declarations promise of every object, and that are not there. */
export function missingFields(table: Table, object: JsonObject): readonly string[] {
  return promisedColumns(table, object)
    .filter(({ path }) => jsonAt(object, path) === undefined)
    .map(({ path }) => path.join("."));
}

/** Fields that are null though the declarations have no null there. */
export function undeclaredNulls(table: Table, object: JsonObject): readonly string[] {
  return promisedColumns(table, object)
    .filter(({ path }) => jsonAt(object, path) === null)
    .map(({ path }) => path.join("."));
}

function promisedColumns(table: Table, object: JsonObject): readonly Column[] {
  return fieldColumns(table).filter(
    ({ nullable, includable, path }) =>
      !nullable && !includable && (path.length === 1 || isJsonObject(jsonAt(object, path.slice(0, -1)))),
  );
}

/** "email is 5": values that are not of the type that the declarations give them. */
export function wrongTypes(table: Table, object: JsonObject): readonly string[] {
  return fieldColumns(table).flatMap((column) => {
    const value = jsonAt(object, column.path);
    if (value === undefined || value === null || isOfType(value, column)) return [];
    return [`${column.path.join(".")} is ${JSON.stringify(value).slice(0, 40)}, not of type ${column.type}`];
  });
}

/** "status is new": words that the SDK does not know. */
export function unknownWords(table: Table, object: JsonObject): readonly string[] {
  return fieldColumns(table).flatMap(({ path, enumValues }) => {
    const value = jsonAt(object, path);
    const isUnknown = typeof value === "string" && value !== "" && enumValues !== undefined;
    return isUnknown && !enumValues.includes(value) ? [`${path.join(".")} is '${value}'`] : [];
  });
}

const fieldColumns = ({ columns }: Table): readonly Column[] =>
  columns.filter(({ path, parentKey }) => path.length > 0 && !parentKey);

function isOfType(value: Json, { type, jsonShape, references }: Column): boolean {
  switch (type) {
    case "BIGINT":
      return Number.isInteger(value) || isText(value, /^-?\d+$/);
    case "DOUBLE":
      return typeof value === "number" || value instanceof ExactNumber;
    case "DECIMAL":
      return typeof value === "number" || isText(value, /^-?\d+(\.\d+)?(e-?\d+)?$/i);
    case "BOOLEAN":
      return typeof value === "boolean";
    case "TIMESTAMPTZ":
      return Number.isInteger(value) || isText(value, /^\d{4}-\d\d-\d\d/);
    case "VARCHAR":
      return typeof value === "string" || (references !== undefined && isJsonObject(value));
    case "JSON":
      return jsonShape === "array"
        ? Array.isArray(value)
        : jsonShape === "any" || jsonShape === undefined || isJsonObject(value);
  }
}

const isText = (value: Json, form: RegExp): boolean =>
  (typeof value === "string" || value instanceof ExactNumber) && form.test(String(value));

const startsWith = (path: readonly string[], start: readonly string[]): boolean =>
  start.every((key, index) => path[index] === key);

/** A value that compares: a reference as its id, whether it is expanded or not, a long number as its text. */
export function fieldValue(object: JsonObject, { path }: Pick<Column, "path">): Json | undefined {
  const value = jsonAt(object, path);
  const id = isJsonObject(value) ? value["id"] : undefined;
  if (typeof id === "string") return id;
  return value instanceof ExactNumber ? value.text : value;
}
