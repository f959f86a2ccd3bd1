import type { Binding, ListAccess, RequestParameters } from "../../plan/scan/scan.js";
import type { Json, JsonObject } from "../../value/json.js";
import { isJsonObject } from "../../value/json.js";

interface Bound {
  readonly kind: Extract<Binding["kind"], "least" | "greatest">;
  readonly seconds: number;
}

/** `created[gte]` or `created[lte]` beside what is sent of that range already: of two bounds of one side the narrower. */
export function withBound(parameters: RequestParameters, name: string, { kind, seconds }: Bound): RequestParameters {
  const range = rangeAt(parameters, name);
  const [side, narrower] = kind === "least" ? (["gte", Math.max] as const) : (["lte", Math.min] as const);
  const sent = range[side];
  const value = typeof sent === "number" ? narrower(sent, seconds) : seconds;
  return { ...parameters, [name]: { ...range, [side]: value } };
}

/** Whether no row can be in one of the ranges that a list is bounded by: it need not be asked for. */
export function isOfNoRow({ parameters }: ListAccess, bindings: readonly Binding[]): boolean {
  return bindings.some(({ kind, target }) => {
    if (kind !== "least" && kind !== "greatest") return false;
    const { gte, lte } = rangeAt(parameters, target);
    return typeof gte === "number" && typeof lte === "number" && gte > lte;
  });
}

function rangeAt(parameters: RequestParameters, name: string): JsonObject {
  const range: Json | undefined = parameters[name];
  return isJsonObject(range) ? range : {};
}
