import type { Json, JsonObject } from "../../value/json.js";
import { idPrefix } from "../id-prefix.js";
import type { ObjectShapes } from "../object-shape.js";
import type { ObjectStore } from "../object-store.js";
import { SeededRandom } from "../seeded-random.js";
import type { BusinessYears } from "./business-years.js";

interface SeededObject {
  readonly type: string;
  readonly parent: string;
  readonly createdSeconds: number;
  readonly order: number;
  object: JsonObject;
}

export interface SeedContextOptions {
  readonly seed: number;
  readonly account: string;
  readonly years: BusinessYears;
  /** Of the events: "2026-10-28.endive". */
  readonly apiVersion: string;
}

/** Collects the seeded objects of an account, so that they are kept in the order of their creation. */
export class SeedContext {
  readonly random: SeededRandom;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly apiVersion: string;
  readonly shapes: ObjectShapes;
  readonly account: string;
  #objects: SeededObject[] = [];
  #byType = new Map<string, JsonObject[]>();

  constructor(shapes: ObjectShapes, options: SeedContextOptions) {
    this.shapes = shapes;
    this.account = options.account;
    this.apiVersion = options.apiVersion;
    this.startSeconds = options.years.startSeconds;
    this.endSeconds = options.years.endSeconds;
    this.random = new SeededRandom(options.seed);
  }

  newId(type: string): string {
    const prefix = idPrefix(type);
    return `${prefix}${this.random.text(prefix === "cus_" || prefix === "prod_" ? 14 : prefix === "cs_test_" ? 58 : 24)}`;
  }

  /** Adds an object: the blank shape of its table, where it has one, with `fields` over it. */
  add(type: string, fields: JsonObject, parent = ""): JsonObject {
    const blank = this.shapes.tables.has(type) ? this.shapes.blank(type) : {};
    const object: JsonObject = {
      ...blank,
      ...("id" in blank && !("id" in fields) ? { id: this.newId(type) } : {}),
      ...fields,
    };
    const order = this.#objects.length;
    const createdSeconds = createdOf(object) ?? this.startSeconds;
    this.#objects.push({ type, parent, createdSeconds, order, object });
    const known = this.#byType.get(type);
    if (known === undefined) this.#byType.set(type, [object]);
    else known.push(object);
    return object;
  }

  /** The same account's objects by other chances: what is added by it moves nobody else's. */
  aside(seed: number): SeedContext {
    const context = new SeedContext(this.shapes, {
      seed,
      account: this.account,
      years: this,
      apiVersion: this.apiVersion,
    });
    context.#objects = this.#objects;
    context.#byType = this.#byType;
    return context;
  }

  /** What was added of a type, in the order of adding. */
  all(type: string): readonly JsonObject[] {
    return this.#byType.get(type) ?? [];
  }

  /** Changes every object of a type that is to change, before it is kept. */
  amend(
    type: string,
    change: (object: JsonObject) => JsonObject | undefined,
    parentOf?: (object: JsonObject) => string | undefined,
  ): void {
    for (const [index, entry] of this.#objects.entries()) {
      if (entry.type !== type) continue;
      const fields = change(entry.object);
      const object = fields === undefined ? entry.object : { ...entry.object, ...fields };
      this.#objects[index] = { ...entry, object, parent: parentOf?.(object) ?? entry.parent };
    }
    const changed = this.#objects.filter((entry) => entry.type === type).map(({ object }) => object);
    this.#byType.set(type, changed);
  }

  /** Writes everything, oldest first. */
  keep(store: ObjectStore): void {
    const inOrder = [...this.#objects].sort((a, b) => a.createdSeconds - b.createdSeconds || a.order - b.order);
    for (const { type, parent, createdSeconds, object } of inOrder) {
      const id: Json | undefined = object["id"];
      store.insert({
        type,
        account: this.account,
        id: typeof id === "string" ? id : type,
        parent,
        createdSeconds,
        json: JSON.stringify(object),
      });
    }
  }
}

function createdOf(object: JsonObject): number | undefined {
  const created = object["created"] ?? object["date"];
  if (created === undefined || created === null) return undefined;
  return typeof created === "number" ? created : Math.floor(Date.parse(String(created)) / 1000);
}
