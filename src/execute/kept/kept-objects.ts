import type { Table } from "../../catalog/catalog.js";
import type { RetrieveAccess } from "../../plan/scan/scan.js";
import type { JsonObject } from "../../value/json.js";
import type { KeptList } from "../../value/kept-list.js";
import type { StatementContext } from "../statement-context.js";
import { FactsSeen, readFacts } from "./kept-facts.js";
import type { KeptContext } from "./kept-lists.js";
import { collectionOf, keyReader } from "./kept-lists.js";
import { packPage, unpackPage } from "./kept-page.js";
import { arePathsOfOneField } from "./read-paths.js";
import { keepableObjects } from "./withheld-fields.js";

export interface AskedObject {
  readonly table: Table;
  readonly access: RetrieveAccess;
}

interface FoundObject {
  readonly list: KeptList;
  readonly object: JsonObject;
}

/**
 * An object that was read by its key, or that a kept list of its table holds. That no list holds one says nothing: it may
 * have been deleted, or be one that lists leave out.
 */
export function keptObject({ table, access }: AskedObject, context: KeptContext): FoundObject | undefined {
  const { kept, readPaths } = context;
  if (kept === undefined || readPaths === undefined) return undefined;
  const [own] = kept.lists(placeOf(table, access));
  const page = own && kept.pages(own, 0, 1)[0];
  const found = page === undefined || own === undefined ? inList({ table, access }, context) : { list: own, page };
  if (found === undefined) return undefined;
  const { withheld } = readFacts(found.list.facts);
  const isWhole = !withheld.some((lacking) => readPaths(table).some((path) => arePathsOfOneField(path, lacking)));
  const key = access.constants[table.primaryKey ?? ""];
  const keyOf = keyReader(table);
  const objects = unpackPage(found.page);
  const object = found.list === own ? objects[0] : objects.find((candidate) => keyOf(candidate) === key);
  return isWhole && object !== undefined ? { list: found.list, object } : undefined;
}

function inList({ table, access }: AskedObject, { kept }: KeptContext) {
  const key = access.constants[table.primaryKey ?? ""];
  const isByKey = table.retrieve?.path === access.endpoint.path && table.retrieve.keys.length === 1;
  if (!isByKey || typeof key !== "string" || Object.keys(access.parameters).length > 0) return undefined;
  const found = kept?.pageOf(collectionOf(table, access.accountId), key);
  return found && { list: found.list, page: found.objects };
}

/** Reads the row of a key, and keeps it; that there is none is not kept. */
export async function keepingObject(
  { table, access }: AskedObject,
  read: () => Promise<JsonObject | undefined>,
  { kept }: StatementContext,
): Promise<JsonObject | undefined> {
  const draft = kept?.begin();
  if (draft === undefined) return read();
  let isFinished = false;
  try {
    const object = await read();
    if (object === undefined) return undefined;
    const keepable = keepableObjects([object]);
    const seen = new FactsSeen(["created"]);
    seen.see([object], keepable.withheld);
    if (draft.add(packPage(keepable, keyReader(table)))) {
      isFinished = true;
      draft.finish({ place: placeOf(table, access), collection: undefined, conditions: "{}", facts: seen.text });
    }
    return object;
  } finally {
    if (!isFinished) draft.discard();
  }
}

function placeOf({ schema, name }: Table, { endpoint, path, accountId, parameters }: RetrieveAccess): string {
  return JSON.stringify(["object", schema, name, endpoint.apiBase, path, accountId, parameters]);
}
