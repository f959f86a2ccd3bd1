import type { BudgetedRequest } from "./budgeted-request.js";
import type { BucketLimit } from "./rate-store.js";

interface ObjectLimit {
  /** Of POST, with the object's id in place of the star; without a star, a parameter names the object. */
  readonly path: string;
  /** Parameter that names the object. */
  readonly object?: string;
  /** Requests without this parameter do not count. */
  readonly parameter?: string;
  readonly requests: number;
  readonly seconds: number;
}

const hour = 3600;

/**
 * Limits on what is done to one object, whoever does it. Stripe also takes 20 new invoices of a subscription a day: no
 * statement would wait so long, so that it is left to Stripe's own refusal. Source: https://docs.stripe.com/rate-limits
 */
const published: readonly ObjectLimit[] = [
  { path: "/v1/payment_intents/*", requests: 1000, seconds: hour },
  { path: "/v1/subscription_items/*", parameter: "quantity", requests: 200, seconds: hour },
  { path: "/v1/invoices", object: "subscription", requests: 10, seconds: 60 },
];

/** The limits of the object that a request changes: half of each at once, and the rest at an even rate. */
export function objectLimits({ method, path = "", parameters = {} }: BudgetedRequest): readonly BucketLimit[] {
  if (method !== "POST") return [];
  return published.flatMap((limit): readonly BucketLimit[] => {
    const object = objectOf(limit, path, parameters);
    if (object === undefined || (limit.parameter !== undefined && parameters[limit.parameter] === undefined)) return [];
    const { requests, seconds } = limit;
    const name = `${limit.path} ${object} in ${seconds} s`;
    return [{ name, requestsPerSecond: requests / 2 / seconds, burst: requests / 2 }];
  });
}

function objectOf(limit: ObjectLimit, path: string, parameters: Readonly<Record<string, unknown>>): string | undefined {
  if (limit.object !== undefined) {
    const named = parameters[limit.object];
    return path === limit.path && typeof named === "string" ? named : undefined;
  }
  const parent = limit.path.slice(0, -1);
  const id = path.startsWith(parent) ? path.slice(parent.length) : "";
  return id === "" || id.includes("/") ? undefined : id;
}
