import type { JsonObject } from "../../value/json.js";
import type { AccountState, StripeObject } from "../account-state.js";
import { idOf } from "../account-state.js";
import { numberField, objectField, textField } from "../json-field.js";
import { invalidRequest } from "../refusals.js";
import { StripeFailure } from "../stripe-failure.js";
import { createIntent } from "./payment-intents.js";

const type = "Invoice";

/** Pays an open invoice: out of band, or by the first of the payment methods that may be charged for it. */
export function payInvoice(state: AccountState, invoice: StripeObject, options: JsonObject): StripeObject {
  const status = textField(invoice, "status");
  if (status === "paid" && numberField(invoice, "amount_due") === 0 && numberField(invoice, "amount_paid") === 0)
    return invoice;
  if (status === "paid") throw invalidRequest("Invoice is already paid");
  if (status === "void") throw invalidRequest("You cannot pay a voided invoice.", { code: "invoice_not_editable" });
  const due = numberField(invoice, "amount_remaining");
  if (due === 0 || options["paid_out_of_band"] === true) return markPaid(state, invoice, due);
  const method = methodFor(state, invoice, options);
  if (method === undefined) throw noPaymentMethod();
  return charge(state, invoice, method);
}

function charge(state: AccountState, invoice: StripeObject, method: string): StripeObject {
  const due = numberField(invoice, "amount_remaining");
  const attempted = { attempt_count: numberField(invoice, "attempt_count") + 1, attempted: true };
  try {
    const intent = createIntent(state, {
      amount: due,
      currency: invoice["currency"] ?? "usd",
      customer: invoice["customer"] ?? null,
      payment_method: method,
      confirm: true,
      off_session: true,
    });
    recordInvoicePayment(state, invoice, idOf(intent));
    return markPaid(state, { ...invoice, ...attempted }, due);
  } catch (failure) {
    if (failure instanceof StripeFailure && failure.keepsState) state.change(type, invoice, attempted);
    throw failure;
  }
}

function recordInvoicePayment(state: AccountState, invoice: StripeObject, intent: string): void {
  const due = numberField(invoice, "amount_remaining");
  state.create("InvoicePayment", {
    amount_paid: due,
    amount_requested: due,
    currency: invoice["currency"] ?? "usd",
    invoice: idOf(invoice),
    is_default: true,
    payment: { payment_intent: intent, type: "payment_intent" },
    status: "paid",
    status_transitions: { canceled_at: null, paid_at: state.now() },
  });
}

function markPaid(state: AccountState, invoice: StripeObject, amount: number): StripeObject {
  return state.change(type, invoice, {
    amount_paid: numberField(invoice, "amount_paid") + amount,
    amount_remaining: 0,
    attempt_count: invoice["attempt_count"] ?? 0,
    attempted: true,
    status: "paid",
    status_transitions: { ...objectField(invoice, "status_transitions"), paid_at: state.now() },
  });
}

/** The request's, the invoice's, the subscription's, then the customer's default. */
function methodFor(state: AccountState, invoice: StripeObject, options: JsonObject): string | undefined {
  const subscriptionId = subscriptionOf(invoice);
  const subscription = subscriptionId === undefined ? undefined : state.find("Subscription", subscriptionId);
  const customer = state.find("Customer", textField(invoice, "customer") ?? "");
  return (
    textField(options, "payment_method") ??
    textField(invoice, "default_payment_method") ??
    (subscription === undefined ? undefined : textField(subscription, "default_payment_method")) ??
    (customer === undefined ? undefined : defaultMethodOf(customer))
  );
}

export function defaultMethodOf(customer: StripeObject): string | undefined {
  return textField(objectField(customer, "invoice_settings") ?? {}, "default_payment_method");
}

function subscriptionOf(invoice: StripeObject): string | undefined {
  const parent = objectField(invoice, "parent") ?? {};
  return textField(objectField(parent, "subscription_details") ?? {}, "subscription");
}

export function noPaymentMethod(): StripeFailure {
  return new StripeFailure(400, {
    type: "invalid_request_error",
    code: "resource_missing",
    message:
      "This customer has no attached payment source or default payment method. Please consider adding a default payment method. " +
      "For more information, visit https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority.",
  });
}
