import type { Json, JsonObject } from "../value/json.js";
import { idPrefix } from "./id-prefix.js";
import type { ObjectShapes } from "./object-shape.js";
import type { Condition, ObjectStore, StoredRow } from "./object-store.js";
import { jsonAtPath } from "./object-store.js";
import { noSuchObject } from "./refusals.js";
import type { SeededRandom } from "./seeded-random.js";

/** How many characters Stripe puts after a prefix, where it is not 24. */
const randomLength: Readonly<Record<string, number>> = { "": 8, cus_: 14, prod_: 14, cs_test_: 58 };

/** What one account's requests share. */
export interface SandboxWorld {
  readonly store: ObjectStore;
  readonly shapes: ObjectShapes;
  readonly random: SeededRandom;
  readonly nowSeconds: () => number;
  /** "2026-10-28.endive" */
  readonly apiVersion: string;
  /** How far search lags behind; 0 for not at all. */
  readonly searchLagSeconds: number;
  /** How far the lists of API v2 lag behind; 0 for not at all. */
  readonly listLagSeconds: number;
}

export interface Cause {
  readonly id: string;
  readonly idempotencyKey: string | undefined;
}

/** A Stripe object with an id. */
export type StripeObject = JsonObject;

/** One account's objects, read and written as JSON; what the state machines work on. */
export class AccountState {
  readonly world: SandboxWorld;
  /** Connect account; "" for the platform's own. */
  readonly account: string;

  /** The request whose doing this is; undefined for none. */
  readonly cause: Cause | undefined;

  constructor(world: SandboxWorld, account: string, cause?: Cause) {
    this.world = world;
    this.account = account;
    this.cause = cause;
  }

  now(): number {
    return this.world.nowSeconds();
  }

  newId(type: string): string {
    const prefix = idPrefix(type);
    return `${prefix}${this.world.random.text(randomLength[prefix] ?? 24)}`;
  }

  /** An object of a type, not yet kept: the blank shape with `fields` over it. */
  draft(type: string, fields: JsonObject): StripeObject {
    const blank = this.world.shapes.blank(type);
    const defaults: Record<string, Json> = { ...blank };
    if ("id" in blank) defaults["id"] = this.newId(type);
    for (const key of ["created", "updated", "date"]) if (key in blank) defaults[key] = this.#timeFor(type);
    return { ...defaults, ...fields };
  }

  create(type: string, fields: JsonObject, parent = ""): StripeObject {
    const object = this.draft(type, fields);
    this.world.store.insert({
      type,
      account: this.account,
      id: keyOf(object) ?? this.newId(type),
      parent,
      createdSeconds: createdOf(object) ?? this.now(),
      json: JSON.stringify(object),
    });
    return object;
  }

  find(type: string, id: string): StripeObject | undefined {
    const row = this.row(type, id);
    return row === undefined || row.deleted === 1 ? undefined : parseRow(row);
  }

  row(type: string, id: string): StoredRow | undefined {
    return this.world.store.find(type, this.account, id);
  }

  /** Throws Stripe's "No such …" where there is none; `param` names the parameter that held the id. */
  require(type: string, id: string, param = "id"): StripeObject {
    const object = this.find(type, id);
    if (object === undefined) throw noSuchObject(this.world.shapes.resourceName(type), id, param);
    return object;
  }

  /** Keeps an object with some fields changed. */
  change(type: string, object: StripeObject, fields: JsonObject): StripeObject {
    const changed = { ...object, ...fields };
    this.world.store.replace(type, this.account, idOf(object), JSON.stringify(changed));
    return changed;
  }

  /** The one object of a type that has no ids, such as the balance settings. */
  singleton(type: string): StripeObject {
    const [row] = this.world.store.select({ type, account: this.account, conditions: [], order: "oldest", limit: 1 });
    return row === undefined ? this.draft(type, {}) : parseRow(row);
  }

  changeSingleton(type: string, fields: JsonObject): StripeObject {
    const { store } = this.world;
    const [row] = store.select({ type, account: this.account, conditions: [], order: "oldest", limit: 1 });
    const changed = { ...this.singleton(type), ...fields };
    if (row === undefined) return this.create(type, changed);
    store.replace(type, this.account, row.id, JSON.stringify(changed));
    return changed;
  }

  /** Keeps an object out of every list and search; it is still found by its id. */
  unlist(type: string, object: StripeObject): void {
    this.world.store.markUnlisted(type, this.account, idOf(object));
  }

  remove(type: string, object: StripeObject): StripeObject {
    const objectType = object["object"];
    const tombstone = { id: idOf(object), ...(objectType === undefined ? {} : { object: objectType }), deleted: true };
    this.world.store.markDeleted(type, this.account, idOf(object), JSON.stringify(tombstone));
    return tombstone;
  }

  /** Objects whose field at a path has a value, oldest first. */
  where(type: string, path: readonly string[], value: string): readonly StripeObject[] {
    const expression = jsonAtPath(path);
    this.world.store.indexEquality(type, expression);
    return this.#select(type, { sql: `${expression} = ?`, bindings: [value] });
  }

  /** Objects of a nested list, oldest first. */
  childrenOf(type: string, parent: string): readonly StripeObject[] {
    return this.#select(type, { sql: "parent = ?", bindings: [parent] });
  }

  /** The first rows of a nested list as an object embeds them. */
  embeddedList(children: readonly StripeObject[], url: string): JsonObject {
    return {
      object: "list",
      data: children.slice(0, 10),
      has_more: children.length > 10,
      total_count: children.length,
      url,
    };
  }

  #select(type: string, condition: Condition): readonly StripeObject[] {
    const { store } = this.world;
    return store.select({ type, account: this.account, conditions: [condition], order: "oldest" }).map(parseRow);
  }

  /** API v2 writes times as ISO 8601. */
  #timeFor(type: string): Json {
    return type.startsWith("v2.") ? new Date(this.now() * 1000).toISOString() : this.now();
  }
}

export function parseRow(row: Pick<StoredRow, "json">): StripeObject {
  // The store holds nothing but serialised objects.
  return JSON.parse(row.json) as StripeObject;
}

export function idOf(object: StripeObject): string {
  const key = keyOf(object);
  if (key === undefined) throw new TypeError("an object without id");
  return key;
}

/** Feature entitlements and the like have no `id`, but a key of another name. */
function keyOf(object: StripeObject): string | undefined {
  const id = object["id"];
  return typeof id === "string" ? id : undefined;
}

function createdOf(object: StripeObject): number | undefined {
  const created = object["created"] ?? object["date"];
  if (typeof created === "number") return created;
  return typeof created === "string" ? Math.floor(Date.parse(created) / 1000) : undefined;
}
