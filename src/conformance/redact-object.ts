import type { Column, Table } from "../catalog/catalog.js";
import type { Json, JsonObject } from "../value/json.js";
import { isJsonObject } from "../value/json.js";

/** Words that tell a kind and not a person. */
const plainFields: ReadonlySet<string> = new Set(["object", "type", "currency", "country", "status", "brand"]);

const idForm = /^[a-z][a-z0-9]*(_[a-z]+)*_[A-Za-z0-9]{4,}$/;

/** Takes ids and whatever may be personal out of answers; one id is the same dummy in all of them. */
export class Redaction {
  readonly #dummies = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  /** The same fields, with values of the same types. */
  object(table: Table, object: JsonObject): JsonObject {
    const known = new Map(table.columns.map((column) => [column.path.join("."), column]));
    return this.#fields(object, [], known);
  }

  #fields(object: JsonObject, path: readonly string[], known: ReadonlyMap<string, Column>): JsonObject {
    // The keys of metadata are its owner's words.
    const isOwners = path.at(-1) === "metadata";
    return Object.fromEntries(
      Object.entries(object).map(([key, value], index) => {
        const redacted = this.#value(value, [...path, key], known);
        return isOwners ? [`key${index + 1}`, redacted] : [key, redacted];
      }),
    );
  }

  #value(value: Json, path: readonly string[], known: ReadonlyMap<string, Column>): Json {
    if (Array.isArray(value)) return value.map((item: Json) => this.#value(item, path, known));
    if (isJsonObject(value)) return this.#fields(value, path, known);
    if (typeof value !== "string" || value === "") return value;
    const enumValues = known.get(path.join("."))?.enumValues;
    if (enumValues?.includes(value) === true) return value;
    if (plainFields.has(path.at(-1) ?? "") && /^[A-Za-z_.]{1,40}$/.test(value)) return value;
    return this.#text(value);
  }

  #text(value: string): string {
    if (idForm.test(value)) return this.#dummy(value, value.slice(0, value.lastIndexOf("_") + 1));
    if (/^\d{4}-\d\d-\d\d(T[\d:.]+Z)?$/.test(value)) return value;
    if (/^-?[\d.]+$/.test(value)) return value.replace(/\d/g, "0");
    if (/^[^\s@]+@[^\s@]+$/.test(value)) return `${this.#dummy(value, "person")}@example.com`;
    return /^https?:/.test(value) ? `https://example.com/${this.#dummy(value, "page")}` : this.#dummy(value, "text");
  }

  #dummy(value: string, prefix: string): string {
    const known = this.#dummies.get(value);
    if (known !== undefined) return known;
    const count = (this.#counts.get(prefix) ?? 0) + 1;
    this.#counts.set(prefix, count);
    const dummy = `${prefix}${String(count).padStart(6, "0")}`;
    this.#dummies.set(value, dummy);
    return dummy;
  }
}
