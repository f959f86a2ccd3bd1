import type { Json } from "../../value/json.js";
import type { AccountState } from "../account-state.js";
import type { OperationTable } from "../operation.js";

export const balanceOperations: OperationTable = {
  "GET /v1/balance": (state) => ({
    object: "balance",
    available: amounts(state, "available"),
    connect_reserved: [],
    instant_available: amounts(state, "available"),
    livemode: false,
    pending: amounts(state, "pending"),
    refund_and_dispute_prefunding: { available: [], pending: [] },
  }),
};

/** What the account's movements add up to, by currency. */
function amounts(state: AccountState, status: "available" | "pending"): Json {
  const totals = state.world.store.sumByCurrency(state.account, status);
  const rows = totals.length === 0 ? [{ currency: "usd", amount: 0 }] : totals;
  return rows.map(({ amount, currency }) => ({ amount, currency, source_types: { card: amount } }));
}

export function availableBalance(state: AccountState, currency: string): number {
  return (
    state.world.store.sumByCurrency(state.account, "available").find((row) => row.currency === currency)?.amount ?? 0
  );
}
