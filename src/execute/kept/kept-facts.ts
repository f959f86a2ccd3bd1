import { z } from "zod";
import type { Json, JsonObject } from "../../value/json.js";
import { momentOf } from "../scan/row-check.js";

const factsSchema = z.strictObject({
  /** Keys to fields that were left out of some rows: see `withheld-fields.ts`. */
  withheld: z.array(z.array(z.string())),
  /** First keys that every row has; undefined where there are no rows. */
  carried: z.array(z.string()).optional(),
  /** Keys to the time by which the rows come newest first; undefined where they do not, or it is not known. */
  newestFirstBy: z.array(z.string()).optional(),
});

/** What is known of the rows of a kept list. */
export type KeptFacts = z.infer<typeof factsSchema>;

export function readFacts(text: string): KeptFacts {
  return factsSchema.parse(JSON.parse(text));
}

/** Finds the facts of rows as they pass. */
export class FactsSeen {
  readonly #withheld = new Map<string, readonly string[]>();
  readonly #timePath: readonly string[];
  #carried: Set<string> | undefined;
  #last = Number.POSITIVE_INFINITY;
  #isNewestFirst = true;

  /** @param timePath Keys to the time by which rows may come newest first. */
  constructor(timePath: readonly string[]) {
    this.#timePath = timePath;
  }

  see(objects: readonly JsonObject[], withheld: readonly (readonly string[])[]): void {
    for (const path of withheld) this.#withheld.set(path.join("\n"), path);
    for (const object of objects) {
      if (this.#carried === undefined) this.#carried = new Set(Object.keys(object));
      else for (const key of this.#carried) if (!(key in object)) this.#carried.delete(key);
      this.#seeTime(object);
    }
  }

  #seeTime(object: JsonObject): void {
    let value: Json | undefined = object;
    for (const key of this.#timePath) value = (value as JsonObject | undefined)?.[key];
    const moment = momentOf(value);
    this.#isNewestFirst &&= moment !== undefined && moment <= this.#last;
    this.#last = moment ?? this.#last;
  }

  get text(): string {
    const facts: KeptFacts = {
      withheld: [...this.#withheld.values()].map((path) => [...path]),
      ...(this.#carried === undefined ? {} : { carried: [...this.#carried] }),
      ...(this.#isNewestFirst ? { newestFirstBy: [...this.#timePath] } : {}),
    };
    return JSON.stringify(facts);
  }
}
