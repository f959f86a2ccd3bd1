import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { jsonAt } from "../../value/json.js";
import { fillPath, isPathSegment } from "../scan/request-template.js";
import type { RequestParameter, RequestParameters } from "../scan/scan.js";
import { exactStructure } from "./exact-structure.js";
import { requestValue, setAtPath, unknownValueNotices, withoutPath } from "./request-value.js";
import type { RequestTemplate, Slot, WriteRequest } from "./write-plan.js";

/** Fills a row of values into an endpoint's path and body; a value that does not fit where it goes is an error. */
export function buildRequest(template: RequestTemplate, values: readonly unknown[]): WriteRequest {
  const { endpoint, slots, isOfObject, reading } = template;
  const placeholders: Record<string, string> = {};
  let accountId: string | undefined;
  let body: Body = { parameters: {}, keeps: [] };
  const notices: string[] = [];
  slots.forEach((slot, index) => {
    const value = values[index];
    if (slot.kind === "account") accountId = isNull(value) ? undefined : String(value);
    else if (slot.kind === "key") placeholders[slot.placeholder] = keyText(slot, value);
    else {
      body = fillBody(body, slot, { value, isOfObject, reading });
      if (slot.kind === "parameter") notices.push(...unknownValueNotices(slot.parameter, value));
    }
  });
  return {
    endpoint,
    path: fillPath(endpoint.path, placeholders),
    parameters: body.parameters,
    accountId,
    id: isOfObject ? Object.values(placeholders).at(-1) : undefined,
    ...(body.keeps.length === 0 ? {} : { keeps: body.keeps }),
    ...(notices.length === 0 ? {} : { notices }),
  };
}

interface Body {
  readonly parameters: RequestParameters;
  readonly keeps: readonly string[];
}

function fillBody(
  body: Body,
  slot: Extract<Slot, { kind: "parameter" | "merge" | "current" }>,
  { value, isOfObject, reading }: Pick<RequestTemplate, "isOfObject" | "reading"> & { readonly value: unknown },
): Body {
  switch (slot.kind) {
    case "parameter": {
      const given = requestValue(slot.parameter, value, reading);
      return withValue(body, slot.parameter.path, isOfObject ? unsetIfEmpty(given) : given);
    }
    case "merge":
      return Object.keys(slot.patch).length === 0 ? body : withValue(body, slot.parameter.path, slot.patch);
    case "current": {
      const { path } = slot.structure.parameter;
      const wanted = jsonAt(body.parameters, path) ?? null;
      const exact = exactStructure(wanted, value, slot.structure);
      const others = { parameters: withoutPath(body.parameters, path), keeps: [...body.keeps, ...exact.keeps] };
      return withValue(others, path, exact.value);
    }
  }
}

function withValue(body: Body, path: readonly string[], value: RequestParameter | undefined): Body {
  return value === undefined ? body : { ...body, parameters: setAtPath(body.parameters, path, value) };
}

/** A form has no place for an object without keys. */
function unsetIfEmpty(value: RequestParameter | undefined): RequestParameter {
  if (value === undefined) return null;
  const isEmpty = typeof value === "object" && !Array.isArray(value) && Object.keys(value ?? {}).length === 0;
  return isEmpty ? null : value;
}

const isNull = (value: unknown): boolean => value === null || value === undefined;

const shown = (value: unknown): string => (typeof value === "object" ? "a structure" : `'${String(value)}'`);

function keyText(slot: Extract<Slot, { kind: "key" }>, value: unknown): string {
  if ((typeof value === "string" && isPathSegment(value)) || typeof value === "number") return String(value);
  throw new StripeSqlError(`"${slot.name}" takes an id, not ${isNull(value) ? "NULL" : shown(value)}`, {
    sqlState: SqlState.invalidParameterValue,
    phase: "plan",
    hint: `Write ${slot.name} = '…' with an id of Stripe's.`,
  });
}
