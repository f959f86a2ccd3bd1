import { redact } from "../../error/redact.js";
import { isBearerLink, isSecretName } from "../../stripe/redact-fields.js";
import { jsonText } from "../../value/exact-number.js";
import type { Json, JsonObject } from "../../value/json.js";
import { isJsonObject } from "../../value/json.js";

/** Objects without what is never kept, and where something was. */
export interface KeepableObjects {
  readonly objects: readonly JsonObject[];
  /** Of `objects`. */
  readonly text: string;
  /** Keys to each field that was left out; the places in arrays are no keys of their own. */
  readonly withheld: readonly (readonly string[])[];
}

/**
 * Leaves out what neither logs nor errors may show: fields that are secret by their names (client secrets, security
 * codes, account numbers), links that let in whoever holds them, and texts that hold keys or card numbers.
 */
export function keepableObjects(objects: readonly JsonObject[]): KeepableObjects {
  const withheld = new Map<string, readonly string[]>();
  const note = (path: readonly string[]): void => void withheld.set(path.join("\n"), path);
  const named = objects.map((object) => withoutFields(object, { path: [], name: "", note, isSecret: isNamedSecret }));
  const text = jsonText(named);
  // Most pages have no such text: they are looked through as a whole.
  if (redact(text) === text) return { objects: named, text, withheld: [...withheld.values()] };
  const clean = named.map((object) => withoutFields(object, { path: [], name: "", note, isSecret: isSecretText }));
  return { objects: clean, text: jsonText(clean), withheld: [...withheld.values()] };
}

interface Place {
  readonly path: readonly string[];
  /** The path as a name, as it is judged in logs: "card" "number" is a card's number. */
  readonly name: string;
  readonly note: (path: readonly string[]) => void;
  readonly isSecret: (name: string, value: Json) => boolean;
}

function withoutFields(object: JsonObject, place: Place): JsonObject {
  const isLink = isBearerLink(object);
  let changed: Record<string, Json> | undefined;
  for (const [key, value] of Object.entries(object)) {
    const inner = { ...place, path: [...place.path, key], name: `${place.name} ${key}` };
    const isWithheld = value !== null && ((isLink && key === "url") || place.isSecret(inner.name, value));
    if (isWithheld) place.note(inner.path);
    const kept = isWithheld ? null : withoutInner(value, inner);
    if (kept === value) continue;
    changed ??= { ...object };
    changed[key] = kept;
  }
  return changed ?? object;
}

function withoutInner(value: Json, place: Place): Json {
  if (isJsonObject(value)) return withoutFields(value, place);
  if (!Array.isArray(value)) return value;
  const items: readonly Json[] = value;
  const kept = items.map((item) => {
    if (item === null || !place.isSecret("", item)) return withoutInner(item, place);
    place.note(place.path);
    return null;
  });
  return kept.every((item, index) => item === items[index]) ? value : kept;
}

/** Each name is judged once: a table's objects have the same. */
const judgedNames = new Map<string, boolean>();
const mostNames = 20_000;

function isNamedSecret(name: string, value: Json): boolean {
  if (name === "" || typeof value === "boolean") return false;
  let isSecret = judgedNames.get(name);
  if (isSecret === undefined) {
    isSecret = isSecretName(name);
    // Names in metadata are anybody's.
    if (judgedNames.size < mostNames) judgedNames.set(name, isSecret);
  }
  return isSecret;
}

function isSecretText(_name: string, value: Json): boolean {
  if (typeof value !== "string" && typeof value !== "number") return false;
  const text = String(value);
  return redact(text) !== text;
}
