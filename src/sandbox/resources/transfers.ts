import type { JsonObject } from "../../value/json.js";
import type { AccountState, StripeObject } from "../account-state.js";
import { idOf } from "../account-state.js";
import { numberField, textField, without } from "../json-field.js";
import type { Call, OperationTable } from "../operation.js";
import { keyOf } from "../operation.js";
import { createObject } from "../plain-operations.js";
import { invalidRequest } from "../refusals.js";
import { mergedMetadata } from "../written-fields.js";
import { recordMovement } from "./balance-transactions.js";
import { checkAmount, checkCurrency } from "./money.js";

/** Money moved to connected accounts and back, and into the balance. */
export const transferOperations: OperationTable = {
  "POST /v1/transfers": (state, { parameters }) => createTransfer(state, parameters),
  "POST /v1/transfers/{}/reversals": reverseTransfer,
  "POST /v1/topups": (state, { parameters }) => createTopup(state, parameters),
};

function createTransfer(state: AccountState, parameters: JsonObject): StripeObject {
  state.require("Account", textField(parameters, "destination") ?? "", "destination");
  const currency = checkCurrency(textField(parameters, "currency") ?? "");
  const id = state.newId("Transfer");
  const amount = numberField(parameters, "amount");
  checkAmount(amount, "", "amount");
  const movement = recordMovement(state, { type: "transfer", amount: -amount, currency, source: id });
  return createObject(state, state.world.shapes.table("Transfer"), parameters, {
    id,
    currency,
    balance_transaction: idOf(movement),
    reversals: state.embeddedList([], `/v1/transfers/${id}/reversals`),
    source_type: parameters["source_type"] ?? "card",
  });
}

function reverseTransfer(state: AccountState, call: Call): StripeObject {
  const transfer = state.require("Transfer", keyOf(call));
  const left = numberField(transfer, "amount") - numberField(transfer, "amount_reversed");
  const amount = numberField(call.parameters, "amount") || left;
  if (left === 0) throw invalidRequest(`Transfer ${idOf(transfer)} is already fully reversed.`);
  if (amount > left) {
    throw invalidRequest(`Transfer reversal amount (${amount}) is greater than the unreversed amount (${left}).`, {
      param: "amount",
    });
  }
  const id = state.newId("TransferReversal");
  const currency = textField(transfer, "currency") ?? "usd";
  const movement = recordMovement(state, {
    type: "transfer",
    amount,
    currency,
    source: id,
    reportingCategory: "transfer_reversal",
  });
  const fields = {
    id,
    amount,
    currency,
    balance_transaction: idOf(movement),
    transfer: idOf(transfer),
    metadata: mergedMetadata({}, call.parameters["metadata"] ?? {}),
  };
  const reversal = state.create("TransferReversal", fields, idOf(transfer));
  const reversals = state.childrenOf("TransferReversal", idOf(transfer));
  const reversed = numberField(transfer, "amount_reversed") + amount;
  state.change("Transfer", transfer, {
    amount_reversed: reversed,
    reversed: reversed === numberField(transfer, "amount"),
    reversals: state.embeddedList(reversals, `/v1/transfers/${idOf(transfer)}/reversals`),
  });
  return reversal;
}

function createTopup(state: AccountState, parameters: JsonObject): StripeObject {
  const currency = checkCurrency(textField(parameters, "currency") ?? "");
  checkAmount(numberField(parameters, "amount"), "", "amount");
  return createObject(state, state.world.shapes.table("Topup"), without(parameters, ["source"]), {
    currency,
    status: "pending",
  });
}
