import type { JsonObject } from "../../value/json.js";
import type { AccountState, StripeObject } from "../account-state.js";
import { idOf } from "../account-state.js";
import { textField, without } from "../json-field.js";
import type { OperationTable } from "../operation.js";
import { keyOf } from "../operation.js";
import { createObject } from "../plain-operations.js";
import { invalidRequest, missingParameter } from "../refusals.js";
import { readLineItems, saleLineFields } from "./sale-lines.js";

const type = "CheckoutSession";

export const checkoutSessionOperations: OperationTable = {
  "POST /v1/checkout/sessions": (state, { parameters }) => createSession(state, parameters),
  "POST /v1/checkout/sessions/{}/expire": (state, call) => expire(state, state.require(type, keyOf(call))),
};

function createSession(state: AccountState, parameters: JsonObject): StripeObject {
  const mode = textField(parameters, "mode");
  const lines = readLineItems(state, parameters["line_items"]);
  if (mode === undefined) throw missingParameter("mode");
  if (mode !== "setup" && lines.length === 0) throw missingParameter("line_items");
  const recurs = lines.some(({ price }) => price["recurring"] !== null);
  if (mode === "payment" && recurs)
    throw invalidRequest(
      "You must provide at least one recurring price in `subscription` mode when using prices; recurring prices cannot be used in `payment` mode.",
    );
  if (mode === "subscription" && !recurs)
    throw invalidRequest("You must provide at least one recurring price in `subscription` mode when using prices.");
  const total = lines.reduce((sum, line) => sum + line.amount, 0);
  const id = state.newId(type);
  const session = createObject(state, state.world.shapes.table(type), without(parameters, ["line_items"]), {
    id,
    amount_subtotal: total,
    amount_total: total,
    currency: lines[0]?.currency ?? parameters["currency"] ?? null,
    expires_at: parameters["expires_at"] ?? state.now() + 86_400,
    payment_method_types: parameters["payment_method_types"] ?? ["card"],
    payment_status: mode === "setup" ? "no_payment_required" : "unpaid",
    status: "open",
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    url: `https://checkout.stripe.com/c/pay/${id}`,
  });
  for (const line of lines) state.create("CheckoutSessionLineItem", saleLineFields(line), idOf(session));
  return session;
}

function expire(state: AccountState, session: StripeObject): StripeObject {
  if (session["status"] !== "open") {
    throw invalidRequest(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${String(session["status"])}\`.`,
    );
  }
  return state.change(type, session, { status: "expired", url: null, expires_at: state.now() });
}
