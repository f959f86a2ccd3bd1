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

/** Every way to take one value of each of the named lists. */
export function combinations(
  lists: Readonly<Record<string, readonly DomainValue[]>>,
): readonly Readonly<Record<string, DomainValue>>[] {
  return Object.entries(lists).reduce<readonly Readonly<Record<string, DomainValue>>[]>(
    (rows, [name, values]) => rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value }))),
    [{}],
  );
}
