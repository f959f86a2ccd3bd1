import type { AccountState, StripeObject } from "../account-state.js";
import { idOf } from "../account-state.js";
import { numberField, objectField, textField, without } from "../json-field.js";
import type { Call, OperationTable } from "../operation.js";
import { keyOf } from "../operation.js";
import { updateObject } from "../plain-operations.js";
import { invalidRequest } from "../refusals.js";

const open = ["needs_response", "warning_needs_response"];

export const disputeOperations: OperationTable = {
  "POST /v1/disputes/{}": updateDispute,
  "POST /v1/disputes/{}/close": (state, call) => {
    const dispute = state.require("Dispute", keyOf(call));
    refuseClosed(dispute);
    return state.change("Dispute", dispute, { status: "lost" });
  },
};

/** Evidence is staged until it is submitted; `submit` is true unless said otherwise. */
function updateDispute(state: AccountState, call: Call): StripeObject {
  const dispute = state.require("Dispute", keyOf(call));
  const evidence = objectField(call.parameters, "evidence");
  if (evidence !== undefined || call.parameters["submit"] === true) refuseClosed(dispute);
  const fields = without(call.parameters, ["submit"]);
  const updated = updateObject(state, state.world.shapes.table("Dispute"), idOf(dispute), fields);
  const submits = call.parameters["submit"] === true || (evidence !== undefined && call.parameters["submit"] !== false);
  const details = { ...objectField(updated, "evidence_details"), has_evidence: evidence !== undefined };
  if (!submits) return state.change("Dispute", updated, evidence === undefined ? {} : { evidence_details: details });
  const status = textField(updated, "status") === "needs_response" ? "under_review" : "warning_under_review";
  return state.change("Dispute", updated, {
    status,
    evidence_details: { ...details, submission_count: numberField(details, "submission_count") + 1 },
  });
}

function refuseClosed(dispute: StripeObject): void {
  if (!open.includes(textField(dispute, "status") ?? "")) throw invalidRequest("This dispute is already closed");
}
