import type { WriteCall } from "../write-call.js";
import { isV2 } from "./key-lifetime.js";
import type { UnsettledCall, UnsettledWrite } from "./unsettled-write.js";
import { writingKind } from "./writing-kind.js";

const minute = 60 * 1000;
const day = 24 * 3600 * 1000;
/** Events of the last 30 days are listed. Source: https://docs.stripe.com/api/events/list */
const listedMs = 29 * day;
/** So long after a change its event is surely listed. */
const settlingMs = 10 * minute;

/**
 * The type of the event that Stripe would have listed had a call been carried out; undefined where its being absent
 * proves nothing. Before: a create of a `customer`, sent yesterday. After: "customer.created", of which there is one for
 * each customer that is made.
 */
export function provingEvent(write: UnsettledWrite, { call, sentMs }: UnsettledCall): string | undefined {
  if (isV2(call) || write.nowMs - sentMs >= listedMs || isTooEarly(write)) return undefined;
  const happening = happenings[writingKind(write.subject, call)];
  const objectType = write.table?.objectType?.replaceAll(".", "_");
  if (happening === undefined || objectType === undefined) return undefined;
  const ending = `${objectType}.${happening}`;
  const exact = [ending, `${write.table?.objectType}.${happening}`].find((type) => write.events.types.has(type));
  return exact ?? [...write.events.types].find((type) => type.endsWith(`.${ending}`) && namesOwner(type, ending, call));
}

const happenings = { insert: "created", update: "updated", delete: undefined, execute: undefined } as const;

function isTooEarly({ nowMs, lastMs }: Pick<UnsettledWrite, "nowMs" | "lastMs">): boolean {
  return nowMs - lastMs < settlingMs;
}

/** True where an event would prove that a call was carried out, and may be still to come. */
export function mayStillBeTold(write: UnsettledWrite, unsettled: UnsettledCall): boolean {
  return isTooEarly(write) && provingEvent({ ...write, lastMs: 0 }, unsettled) !== undefined;
}

/** "customer.subscription.created" is told of what a customer has: the call must name one, in its path or parameters. */
function namesOwner(type: string, ending: string, { path, parameters }: WriteCall): boolean {
  const owner = type.slice(0, -ending.length - 1);
  return owner in parameters || path.split("/").includes(`${owner}s`);
}
