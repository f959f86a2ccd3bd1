import type { Table } from "../../../catalog/catalog.js";
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
 * each customer that is made; of POST /v1/invoices/in_1/finalize "invoice.finalized".
 */
export function provingEvent(write: UnsettledWrite, { call, sentMs }: UnsettledCall): string | undefined {
  if (isV2(call) || write.nowMs - sentMs >= listedMs || isTooEarly(write)) return undefined;
  const kind = writingKind(write.subject, call);
  const happening = kind === "execute" ? actionHappening(call, write.table) : happenings[kind];
  const objectType = write.table?.objectType?.replaceAll(".", "_");
  if (happening === undefined || objectType === undefined) return undefined;
  const ending = `${objectType}.${happening}`;
  const exact = [ending, `${write.table?.objectType}.${happening}`].find((type) => write.events.types.has(type));
  return exact ?? [...write.events.types].find((type) => type.endsWith(`.${ending}`) && namesOwner(type, ending, call));
}

const happenings = { insert: "created", update: "updated", delete: undefined } as const;

/**
 * What Stripe's events call actions that are done once to an object and told each time.
 * Source: https://docs.stripe.com/api/events/types
 */
const actions: Readonly<Record<string, string>> = {
  accept: "accepted",
  attach: "attached",
  cancel: "canceled",
  capture: "captured",
  detach: "detached",
  finalize: "finalized",
  mark_uncollectible: "marked_uncollectible",
  release: "released",
  void: "voided",
};

/** Of a call that acts on an object of the table that it answers with. */
function actionHappening({ method, path }: WriteCall, table: Table | undefined): string | undefined {
  const [list, action] = [path.split("/").slice(0, -2).join("/"), path.split("/").at(-1) ?? ""];
  return method === "POST" && list === table?.retrieve?.path.replace(/\/[^/]*$/, "") ? actions[action] : undefined;
}

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
