import type { JsonObject } from "../../value/json.js";
import type { AccountState, StripeObject } from "../account-state.js";
import { idOf } from "../account-state.js";
import { numberField } from "../json-field.js";

/** Books an amount on the customer's balance; negative is credit. */
export function moveCustomerBalance(state: AccountState, customer: StripeObject, fields: JsonObject): StripeObject {
  const balance = numberField(customer, "balance") + numberField(fields, "amount");
  state.change("Customer", customer, { balance });
  return state.create(
    "CustomerBalanceTransaction",
    { ...fields, customer: idOf(customer), ending_balance: balance },
    idOf(customer),
  );
}
