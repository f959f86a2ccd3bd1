import type { JsonObject } from "../../value/json.js";
import type { AccountState, StripeObject } from "../account-state.js";
import { idOf } from "../account-state.js";
import { objectField, objectsField, textField, without } from "../json-field.js";
import type { Call, OperationTable } from "../operation.js";
import { keyOf } from "../operation.js";
import { createObject, deleteObject } from "../plain-operations.js";
import { moveCustomerBalance } from "./customer-balance.js";
import { attach } from "./payment-methods.js";
import { cancelSubscription } from "./subscriptions.js";

export const customerOperations: OperationTable = {
  "POST /v1/customers": (state, { parameters }) => createCustomer(state, parameters),
  "DELETE /v1/customers/{}": (state, call) => deleteCustomer(state, keyOf(call)),
  "DELETE /v1/customers/{}/discount": (state, call) => {
    const customer = state.require("Customer", keyOf(call));
    state.change("Customer", customer, { discount: null });
    return { object: "discount", deleted: true, customer: idOf(customer) };
  },
  "POST /v1/customers/{}/balance_transactions": adjustBalance,
};

/** Defaults of a new customer that the declarations do not state. */
const defaults: JsonObject = {
  balance: 0,
  delinquent: false,
  discount: null,
  tax_exempt: "none",
  preferred_locales: [],
  next_invoice_sequence: 1,
};

function createCustomer(state: AccountState, parameters: JsonObject): StripeObject {
  const methodId = textField(parameters, "payment_method");
  const taxIds = objectsField(parameters, "tax_id_data");
  const fields = without(parameters, ["payment_method", "tax_id_data", "validate"]);
  const customer = createObject(state, state.world.shapes.table("Customer"), {
    ...defaults,
    invoice_prefix: state.world.random.text(8).toUpperCase(),
    ...fields,
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
      ...objectField(fields, "invoice_settings"),
    },
  });
  for (const taxId of taxIds) state.create("CustomerTaxId", { ...taxId, customer: idOf(customer) }, idOf(customer));
  if (methodId !== undefined) attach(state, methodId, idOf(customer));
  return customer;
}

/** Deleting a customer ends its subscriptions at once. Source: https://docs.stripe.com/api/customers/delete */
export function deleteCustomer(state: AccountState, id: string): StripeObject {
  const deleted = deleteObject(state, state.world.shapes.table("Customer"), id);
  for (const subscription of state.where("Subscription", ["customer"], id)) {
    if (subscription["status"] !== "canceled" && subscription["status"] !== "incomplete_expired")
      cancelSubscription(state, subscription, {});
  }
  return deleted;
}

function adjustBalance(state: AccountState, call: Call): StripeObject {
  const customer = state.require("Customer", keyOf(call));
  return moveCustomerBalance(state, customer, { ...call.parameters, type: "adjustment" });
}
