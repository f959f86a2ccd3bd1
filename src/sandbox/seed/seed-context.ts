import type { Json, JsonObject } from "../../value/json.js";
import { idPrefix } from "../id-prefix.js";
import type { ObjectShapes } from "../object-shape.js";
import type { ObjectStore } from "../object-store.js";
import { SeededRandom } from "../seeded-random.js";

/** The seeded business's two years: 2024-11-01 to 2026-11-01, both at midnight UTC. */
export const seedStartSeconds = Date.UTC(2024, 10, 1) / 1000;
export const seedEndSeconds = Date.UTC(2026, 10, 1) / 1000;

interface SeededObject {
  readonly type: string;
  readonly parent: string;
  readonly createdSeconds: number;
  readonly order: number;
  object: JsonObject;
}

/** Collects the seeded objects of an account, so that they are kept in the order of their creation. */
export class SeedContext {
  readonly random: SeededRandom;
  readonly shapes: ObjectShapes;
  readonly account: string;
  readonly #objects: SeededObject[] = [];
  readonly #byType = new Map<string, JsonObject[]>();

  constructor(shapes: ObjectShapes, options: { readonly seed: number; readonly account: string }) {
    this.shapes = shapes;
    this.account = options.account;
    this.random = new SeededRandom(options.seed);
  }

  newId(type: string): string {
    const prefix = idPrefix(type);
    return `${prefix}${this.random.text(prefix === "cus_" || prefix === "prod_" ? 14 : prefix === "cs_test_" ? 58 : 24)}`;
  }

  /** Adds an object: the blank shape of its table with `fields` over it. */
  add(type: string, fields: JsonObject, parent = ""): JsonObject {
    const blank = this.shapes.blank(type);
    const object: JsonObject = {
      ...blank,
      ...("id" in blank && !("id" in fields) ? { id: this.newId(type) } : {}),
      ...fields,
    };
    const order = this.#objects.length;
    this.#objects.push({ type, parent, createdSeconds: createdOf(object), order, object });
    const known = this.#byType.get(type);
    if (known === undefined) this.#byType.set(type, [object]);
    else known.push(object);
    return object;
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

function createdOf(object: JsonObject): number {
  const created = object["created"] ?? object["date"] ?? seedStartSeconds;
  return typeof created === "number" ? created : Math.floor(Date.parse(String(created)) / 1000);
}
