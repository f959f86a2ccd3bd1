import type { Json } from "../value/json.js";
import { isJsonObject } from "../value/json.js";

/** Keys that hold digits which are no numbers. */
const textKeys =
  /(^|_)(id|code|number|phone|decimal|last4|name|description|value|line1|line2|postal_code|routing_number|account|key|date_of_birth|text|version)$/;

/**
 * The value of a nested parameter whose fields the catalog does not type. A form's leaves are all texts:
 * what reads as an integer or a boolean becomes one, unless its key says that it is a text.
 */
export function looseJson(value: Json, key: string): Json {
  if (Array.isArray(value)) return value.map((element) => looseJson(element, key));
  if (isJsonObject(value)) {
    const isMetadata = key === "metadata" || key.endsWith("[metadata]");
    const fields = Object.entries(value).map(
      ([name, field]) => [name, isMetadata ? String(field) : looseJson(field, name)] as const,
    );
    return Object.fromEntries(fields);
  }
  return typeof value === "string" ? looseScalar(value, key) : value;
}

function looseScalar(text: string, key: string): Json {
  if (text === "") return null;
  if (textKeys.test(key)) return text;
  if (text === "true") return true;
  if (text === "false") return false;
  return /^-?(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : text;
}
