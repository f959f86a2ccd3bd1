import type { Table } from "../../catalog/catalog.js";
import type { Access } from "../../plan/scan/scan.js";
import type { Json, JsonObject } from "../../value/json.js";
import { isJsonObject, jsonAt } from "../../value/json.js";
import type { StatementContext } from "../statement-context.js";
import { constantsOf } from "./access-call.js";
import type { RowBatch } from "./row-batch.js";
import { isObjectAsked, RowCheck } from "./row-check.js";

export interface HeldRows {
  /** What the object holds of it. */
  readonly held: RowBatch | undefined;
  /** What has to be asked for, with the values filled in; undefined where all is held. */
  readonly rest: Access | undefined;
}

/** What an object holds of an access that it leads to. */
export function heldRows(
  { table, access }: { readonly table: Table; readonly access: Access },
  holder: JsonObject,
  context: StatementContext,
): HeldRows {
  const value = access.embeddedAt && jsonAt(holder, access.embeddedAt);
  const constants = constantsOf(access, context);
  if (access.kind === "retrieve") {
    if (!isJsonObject(value)) return { held: undefined, rest: access };
    const isRow = isObjectAsked({ table, access }, value) && value["deleted"] !== true;
    return { held: { objects: isRow ? [value] : [], constants }, rest: undefined };
  }
  const embedded = embeddedList(value);
  if (embedded === undefined) return { held: undefined, rest: access };
  const { rows, hasMore } = embedded;
  new RowCheck({ table, access }).page(rows);
  if (!hasMore) return { held: { objects: rows, constants }, rest: undefined };
  const after = access.pagination === "cursor" ? rows.at(-1)?.["id"] : undefined;
  if (typeof after !== "string") return { held: undefined, rest: access };
  const parameters = { ...access.parameters, starting_after: after };
  return { held: { objects: rows, constants }, rest: { ...access, parameters } };
}

function embeddedList(
  value: Json | undefined,
): { readonly rows: readonly JsonObject[]; readonly hasMore: boolean } | undefined {
  if (!isJsonObject(value) || !Array.isArray(value["data"])) return undefined;
  const rows = value["data"].filter((row: Json) => isJsonObject(row));
  if (rows.length !== value["data"].length) return undefined;
  return { rows, hasMore: value["has_more"] === true };
}
