import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { fillPath, isPathSegment } from "../access/request-template.js";
import type { RequestParameters } from "../access/scan.js";
import { requestValue, setAtPath } from "./request-value.js";
import type { RequestTemplate, Slot, WriteRequest } from "./write-plan.js";

/** Fills a row of values into an endpoint's path and body; a value that does not fit where it goes is an error. */
export function buildRequest(template: RequestTemplate, values: readonly unknown[]): WriteRequest {
  const { endpoint, slots, isOfObject } = template;
  const placeholders: Record<string, string> = {};
  let parameters: RequestParameters = {};
  let accountId: string | undefined;
  slots.forEach((slot, index) => {
    const value = values[index];
    if (slot.kind === "account") accountId = isNull(value) ? undefined : String(value);
    else if (slot.kind === "key") placeholders[slot.placeholder] = keyText(slot, value);
    else {
      const given = requestValue(slot.parameter, value) ?? (isOfObject ? null : undefined);
      if (given !== undefined) parameters = setAtPath(parameters, slot.parameter.path, given);
    }
  });
  return {
    endpoint,
    path: fillPath(endpoint.path, placeholders),
    parameters,
    accountId,
    id: isOfObject ? Object.values(placeholders).at(-1) : undefined,
  };
}

const isNull = (value: unknown): boolean => value === null || value === undefined;

function keyText(slot: Extract<Slot, { kind: "key" }>, value: unknown): string {
  if ((typeof value === "string" && isPathSegment(value)) || typeof value === "number") return String(value);
  throw new StripeSqlError(`"${slot.name}" takes an id, not ${isNull(value) ? "NULL" : `'${String(value)}'`}`, {
    sqlState: SqlState.invalidParameterValue,
    phase: "plan",
    hint: `Write ${slot.name} = '…' with an id of Stripe's.`,
  });
}
