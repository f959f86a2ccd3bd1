import { SqlState } from "../../error/sql-state.js";
import { didYouMean } from "../../error/suggestion.js";
import { engineSetting, engines } from "../session/engine-setting.js";
import { sessionError } from "../session/session-error.js";
import type { Settings } from "../session/session-settings.js";
import type { ReadSetting } from "./read-setting.js";

/** What a session may set of its connection's properties, each as `stripe.name`. */
const prefix = "stripe.";
const maxRequestsName = "stripe.max_requests";
const names = [engineSetting, maxRequestsName] as const;

/** Of max_requests, where the connection has no limit either. */
const unlimited = "none";

/** As the connection has them. */
export interface StripeDefaults {
  readonly maxRequests: number | undefined;
}

export function isStripeSetting(name: string): boolean {
  return name.toLowerCase().startsWith(prefix);
}

/** As SHOW tells them where nothing is set. */
export function stripeDefaults({ maxRequests }: StripeDefaults): Settings {
  return new Map([
    [engineSetting, "postgres"],
    [maxRequestsName, maxRequests === undefined ? unlimited : String(maxRequests)],
  ]);
}

/**
 * SET or RESET of one of them; without a value, its default. Fails with 42704 for a name that there is not, and 22023 for
 * a value that is none, or is more than the connection allows.
 */
export function readStripeSetting(name: string, value: string | undefined, defaults: StripeDefaults): ReadSetting {
  const known = names.find((one) => one === name.toLowerCase());
  if (known === undefined) {
    throw sessionError(`unrecognized configuration parameter "${name}"`, SqlState.undefinedObject, {
      hint: didYouMean(name, names) ?? `What can be set of a connection is ${names.join(" and ")}.`,
    });
  }
  const given = value ?? stripeDefaults(defaults).get(known) ?? "";
  return { name: known, value: known === engineSetting ? engineOf(given) : requestsOf(given, defaults) };
}

function engineOf(text: string): string {
  const engine = engines.find((one) => one === text.toLowerCase());
  if (engine !== undefined) return engine;
  throw sessionError(`invalid value for parameter "${engineSetting}": "${text}"`, SqlState.invalidParameterValue, {
    hint: `Available values: ${engines.join(", ")}.`,
  });
}

/** A whole number from 1 on, up to the connection's own limit. */
function requestsOf(text: string, { maxRequests }: StripeDefaults): string {
  const word = text.trim().toLowerCase();
  if (word === unlimited && maxRequests === undefined) return word;
  const count = /^\d{1,9}$/.test(word) ? Number(word) : 0;
  if (count >= 1 && count <= (maxRequests ?? count)) return String(count);
  throw sessionError(`invalid value for parameter "${maxRequestsName}": "${text}"`, SqlState.invalidParameterValue, {
    hint:
      maxRequests === undefined
        ? `It must be a whole number from 1 on, or ${unlimited}.`
        : `It must be a whole number from 1 to ${maxRequests}, which is the connection's own limit.`,
  });
}

/** How many requests a statement may send; undefined for any number. */
export function maxRequestsOf(settings: Settings, { maxRequests }: StripeDefaults): number | undefined {
  const text = settings.get(maxRequestsName);
  if (text === undefined) return maxRequests;
  return text === unlimited ? undefined : Number(text);
}
