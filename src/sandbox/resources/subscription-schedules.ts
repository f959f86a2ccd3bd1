import type { JsonObject } from "../../value/json.js";
import type { AccountState, StripeObject } from "../account-state.js";
import { idOf } from "../account-state.js";
import { textField } from "../json-field.js";
import type { OperationTable } from "../operation.js";
import { keyOf } from "../operation.js";
import { invalidRequest } from "../refusals.js";
import { cancelSubscription } from "./subscriptions.js";

const type = "SubscriptionSchedule";
const changeable = ["not_started", "active"];

export const subscriptionScheduleOperations: OperationTable = {
  "POST /v1/subscription_schedules/{}/cancel": (state, call) => cancel(state, running(state, keyOf(call), "canceled")),
  "POST /v1/subscription_schedules/{}/release": (state, call) =>
    release(state, running(state, keyOf(call), "released"), call.parameters),
};

function running(state: AccountState, id: string, verb: string): StripeObject {
  const schedule = state.require(type, id);
  const status = textField(schedule, "status") ?? "";
  if (changeable.includes(status)) return schedule;
  throw invalidRequest(
    `You cannot have a subscription schedule ${verb} that is currently in the \`${status}\` status. It must be \`not_started\` or \`active\`.`,
  );
}

function cancel(state: AccountState, schedule: StripeObject): StripeObject {
  const subscription = state.find("Subscription", textField(schedule, "subscription") ?? "");
  if (subscription !== undefined && subscription["status"] !== "canceled") cancelSubscription(state, subscription, {});
  return state.change(type, schedule, { status: "canceled", canceled_at: state.now() });
}

/** The subscription goes on without its schedule. */
function release(state: AccountState, schedule: StripeObject, parameters: JsonObject): StripeObject {
  const subscription = state.find("Subscription", textField(schedule, "subscription") ?? "");
  const cancelDate = parameters["preserve_cancel_date"] === true ? {} : { cancel_at: null };
  if (subscription !== undefined) state.change("Subscription", subscription, { schedule: null, ...cancelDate });
  return state.change(type, schedule, {
    status: "released",
    released_at: state.now(),
    released_subscription: subscription === undefined ? null : idOf(subscription),
    subscription: null,
  });
}
