import type { Json, JsonObject } from "../../value/json.js";
import { isJsonObject } from "../../value/json.js";
import type { Domain, DomainValue } from "../predicate/domain.js";
import type { ExpectedField } from "./scan.js";

/** "absent" where the object does not carry the field, which says nothing. */
export type FieldFinding = "kept" | "broken" | "absent";

/**
 * Whether an object holds what a request asked of a field: compared as the SQL would, as far as the request went. A
 * field that is null, or not in the object that is to hold it, is NULL to the SQL, and equals nothing.
 */
export function fieldTest({ path, domain, exact }: ExpectedField): (object: JsonObject) => FieldFinding {
  const [first = "", ...rest] = path;
  const holds = domainTest(domain, exact);
  if (rest.length === 0) {
    return (object) => {
      const value = object[first];
      if (value === undefined) return "absent";
      return holds(idOf(value)) ? "kept" : "broken";
    };
  }
  return (object) => {
    if (object[first] === undefined) return "absent";
    let value: Json | undefined = object[first];
    for (const key of rest) value = isJsonObject(value) ? value[key] : undefined;
    return holds(idOf(value)) ? "kept" : "broken";
  };
}

/** A reference that comes expanded is the object's id. */
function idOf(value: Json | undefined): Json | undefined {
  return isJsonObject(value) ? value["id"] : value;
}

type ValueTest = (value: Json | undefined) => boolean;

function domainTest({ values, minimum, maximum }: Domain, exact: boolean): ValueTest {
  if (values !== undefined) return membershipTest(values, exact);
  const [low, high] = [minimum ?? Number.NEGATIVE_INFINITY, maximum ?? Number.POSITIVE_INFINITY];
  return (value) => {
    const number = numberOf(value);
    return number === undefined || (number >= low && number <= high);
  };
}

function membershipTest(values: readonly DomainValue[], exact: boolean): ValueTest {
  const wanted = new Set<Json | undefined>(values.map((value) => (exact ? value : folded(value))));
  const isText = typeof values[0] === "string";
  return (value) => wanted.has(exact ? value : folded(value)) || (typeof value === "string" && !isText);
}

const folded = <Value>(value: Value): Value | string => (typeof value === "string" ? value.toLowerCase() : value);

/** NULL is in no range; a time in text, as API v2 writes it, is its seconds, and undefined where it cannot be read. */
function numberOf(value: Json | undefined): number | undefined {
  if (typeof value === "number") return value;
  const milliseconds = typeof value === "string" ? Date.parse(value) : undefined;
  if (milliseconds === undefined) return Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}
