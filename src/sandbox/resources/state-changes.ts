import type { Json, JsonObject } from "../../value/json.js";
import type { AccountState, StripeObject } from "../account-state.js";
import type { Operation, OperationTable } from "../operation.js";
import { keyOf } from "../operation.js";
import { invalidRequest } from "../refusals.js";

interface StateChange {
  readonly type: string;
  /** The field that holds the state; default `status`. */
  readonly field?: string;
  readonly from: readonly Json[];
  readonly fields: (now: number, object: StripeObject) => JsonObject;
}

const changes: Readonly<Record<string, StateChange>> = {
  "POST /v1/billing/meters/{}/deactivate": {
    type: "BillingMeter",
    from: ["active"],
    fields: (now) => ({ status: "inactive", status_transitions: { deactivated_at: now } }),
  },
  "POST /v1/billing/meters/{}/reactivate": {
    type: "BillingMeter",
    from: ["inactive"],
    fields: () => ({ status: "active", status_transitions: { deactivated_at: null } }),
  },
  "POST /v1/billing/alerts/{}/activate": statusChange("BillingAlert", ["inactive"], "active"),
  "POST /v1/billing/alerts/{}/deactivate": statusChange("BillingAlert", ["active"], "inactive"),
  "POST /v1/billing/alerts/{}/archive": statusChange("BillingAlert", ["active", "inactive"], "archived"),
  "POST /v1/billing/feedback_options/{}/deactivate": statusChange("BillingFeedbackOption", ["active"], "inactive"),
  "POST /v1/billing/credit_grants/{}/expire": {
    type: "BillingCreditGrant",
    field: "voided_at",
    from: [null],
    fields: (now) => ({ expires_at: now }),
  },
  "POST /v1/billing/credit_grants/{}/void": {
    type: "BillingCreditGrant",
    field: "voided_at",
    from: [null],
    fields: (now) => ({ voided_at: now }),
  },
  "POST /v1/invoice_rendering_templates/{}/archive": statusChange("InvoiceRenderingTemplate", ["active"], "archived"),
  "POST /v1/invoice_rendering_templates/{}/unarchive": statusChange("InvoiceRenderingTemplate", ["archived"], "active"),
  "POST /v1/topups/{}/cancel": statusChange("Topup", ["pending"], "canceled"),
  "POST /v1/reviews/{}/approve": {
    type: "Review",
    field: "open",
    from: [true],
    fields: () => ({ open: false, closed_reason: "approved", reason: "approved" }),
  },
  "POST /v1/identity/verification_sessions/{}/cancel": statusChange(
    "IdentityVerificationSession",
    ["requires_input"],
    "canceled",
  ),
  "POST /v1/treasury/inbound_transfers/{}/cancel": statusChange("TreasuryInboundTransfer", ["processing"], "canceled"),
  "POST /v1/treasury/outbound_payments/{}/cancel": statusChange("TreasuryOutboundPayment", ["processing"], "canceled"),
  "POST /v1/treasury/outbound_transfers/{}/cancel": statusChange(
    "TreasuryOutboundTransfer",
    ["processing"],
    "canceled",
  ),
  "POST /v1/issuing/disputes/{}/submit": statusChange("IssuingDispute", ["unsubmitted"], "submitted"),
  "POST /v2/core/event_destinations/{}/disable": statusChange("v2.EventDestination", ["enabled"], "disabled"),
  "POST /v2/core/event_destinations/{}/enable": statusChange("v2.EventDestination", ["disabled"], "enabled"),
};

function statusChange(type: string, from: readonly Json[], to: string): StateChange {
  return { type, from, fields: () => ({ status: to }) };
}

/** Calls that move an object from one state to another and do nothing else. */
export const stateChangeOperations: OperationTable = Object.fromEntries(
  Object.entries(changes).map(([route, change]) => [route, operationOf(change)]),
);

function operationOf(change: StateChange): Operation {
  return (state, call) => {
    const object = state.require(change.type, keyOf(call));
    refuseOtherStates(state, object, change);
    return state.change(change.type, object, change.fields(state.now(), object));
  };
}

function refuseOtherStates(
  state: AccountState,
  object: StripeObject,
  { type, field = "status", from }: StateChange,
): void {
  const current = object[field] ?? null;
  if (from.includes(current)) return;
  const name = state.world.shapes.resourceName(type);
  const wanted = from.map((value) => String(value)).join(" or ");
  throw invalidRequest(`This ${name} has \`${field}\` ${String(current)}; the call needs ${wanted}.`);
}
