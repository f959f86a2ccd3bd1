import type { Endpoint } from "../../catalog/catalog.js";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { fillPath, isPathSegment } from "../../plan/access/request-template.js";
import type { RequestParameters } from "../../plan/access/scan.js";
import { requestValue, setAtPath } from "../../plan/write/request-value.js";
import type { Slot } from "../../plan/write/write-plan.js";

/** One request that changes something, complete but not sent. */
export interface WriteCall {
  readonly endpoint: Endpoint;
  readonly path: string;
  readonly parameters: RequestParameters;
  readonly accountId: string | undefined;
  /** The object's id where it is known before the call. */
  readonly id: string | undefined;
}

export interface CallOptions {
  /** What NULL means: leave the parameter out, or unset the field. */
  readonly nulls: "omit" | "unset";
}

/** Fills a row of values into an endpoint's path and body. */
export function writeCall(
  endpoint: Endpoint,
  slots: readonly Slot[],
  values: readonly unknown[],
  options: CallOptions,
): WriteCall {
  const placeholders: Record<string, string> = {};
  let parameters: RequestParameters = {};
  let accountId: string | undefined;
  slots.forEach((slot, index) => {
    const value = values[index];
    if (slot.kind === "account") accountId = value === null || value === undefined ? undefined : String(value);
    else if (slot.kind === "key") placeholders[slot.placeholder] = keyText(slot, value);
    else {
      const given = requestValue(slot.parameter, value);
      if (given !== undefined) parameters = setAtPath(parameters, slot.parameter.path, given);
      else if (options.nulls === "unset") parameters = setAtPath(parameters, slot.parameter.path, null);
    }
  });
  return {
    endpoint,
    path: fillPath(endpoint.path, placeholders),
    parameters,
    accountId,
    id: Object.values(placeholders).at(-1),
  };
}

function keyText(slot: Extract<Slot, { kind: "key" }>, value: unknown): string {
  if ((typeof value === "string" && isPathSegment(value)) || typeof value === "number") return String(value);
  throw new StripeSqlError(
    `"${slot.name}" takes an id, not ${value === null || value === undefined ? "NULL" : `'${String(value)}'`}`,
    {
      sqlState: SqlState.invalidParameterValue,
      phase: "plan",
      hint: `Write ${slot.name} = '…' with an id of Stripe's.`,
    },
  );
}
