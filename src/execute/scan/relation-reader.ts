import type { Constants } from "../../plan/scan/scan.js";
import type { ScanColumn } from "../../plan/select/select-plan.js";
import type { Cell } from "../../value/cell.js";
import { readCell } from "../../value/cell.js";
import type { Json, JsonObject } from "../../value/json.js";
import { isJsonObject, jsonAt } from "../../value/json.js";

/** Reads one column's cell of a row: of Stripe's object, or of what its access says of every row. */
export type ReadColumn = (object: JsonObject, constants: Constants) => Cell;

/** The reader of a column, chosen once so that no decision is left for each row. */
export function columnReader({ column, constant }: Pick<ScanColumn, "column" | "constant">): ReadColumn {
  const { type } = column;
  if (column.kind === "pseudo-column") return (_object, constants) => readCell(type, constants[column.name]);
  const { path } = column;
  if (constant)
    return (object, constants) => readCell(type, constants[column.name] ?? fieldOf(object, column.stripeName));
  const [first, second, third] = path;
  if (first === undefined) return (object) => object;
  if (second === undefined) return (object) => readCell(type, object[first]);
  if (third === undefined) return (object) => readCell(type, fieldOf(object[first], second));
  return (object) => readCell(type, jsonAt(object, path));
}

function fieldOf(value: Json | undefined, name: string): Json | undefined {
  return isJsonObject(value) ? value[name] : undefined;
}
