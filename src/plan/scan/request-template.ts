import type { Endpoint } from "../../catalog/catalog.js";
import { isJsonObject } from "../../value/json.js";
import type { DomainValue } from "../predicate/domain.js";
import type { RequestParameter, RequestParameters } from "./scan.js";

/** "/v1/invoices/{invoice}/lines" with the value of each placeholder, URL-encoded; those without one stay. */
export function fillPath(template: string, values: Readonly<Record<string, DomainValue>>): string {
  return template.replace(/\{([^}]+)\}/g, (placeholder, name: string) => {
    const value = values[name];
    return value === undefined ? placeholder : encodeURIComponent(String(value));
  });
}

/** False for a text that would make another path of the template: nothing of Stripe's has such an id. */
export const isPathSegment = (value: DomainValue): boolean => !["", ".", ".."].includes(String(value));

/** "customer_details[email]" and a value as { customer_details: { email: value } }, merged into parameters. */
export function withParameter(parameters: RequestParameters, name: string, value: RequestParameter): RequestParameters {
  const [first = name, ...rest] = name.replace(/\]/g, "").split("[");
  if (rest.length === 0) return { ...parameters, [first]: value };
  const inner = parameters[first];
  const nested = isJsonObject(inner) ? inner : {};
  return { ...parameters, [first]: withParameter(nested, rest.join("["), value) };
}

/** The fields that are only sent on request: by `include` in API v2, where the call takes them, and by `expand` in v1. */
export function withIncludes(
  parameters: RequestParameters,
  { path, includes = [] }: Pick<Endpoint, "path" | "includes">,
  { fields, prefix }: { readonly fields: readonly (readonly string[])[]; readonly prefix: readonly string[] },
): RequestParameters {
  if (fields.length === 0) return parameters;
  if (!isV2(path)) return { ...parameters, expand: fields.map((field) => [...prefix, ...field].join(".")) };
  const include = fields.map((field) => field.join(".")).filter((field) => includes.includes(field));
  return include.length === 0 ? parameters : { ...parameters, include };
}

/** Fields that a call of API v2 cannot be asked for. */
export function lackedIncludes(
  { path, includes = [] }: Pick<Endpoint, "path" | "includes">,
  fields: readonly (readonly string[])[],
): readonly string[] {
  return isV2(path) ? fields.map((field) => field.join(".")).filter((field) => !includes.includes(field)) : [];
}

const isV2 = (path: string): boolean => path.startsWith("/v2/");

/** Every way to take one value of each of the named lists. */
export function combinations(
  lists: Readonly<Record<string, readonly DomainValue[]>>,
): readonly Readonly<Record<string, DomainValue>>[] {
  return Object.entries(lists).reduce<readonly Readonly<Record<string, DomainValue>>[]>(
    (rows, [name, values]) => rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value }))),
    [{}],
  );
}
