import type { JsonObject } from "../value/json.js";
import type { ActionResult } from "./connector.js";

/** What the connector says of an action's result where it is not the object alone. */
export interface ResultShape {
  /** False where `Success` is all that is given. */
  readonly givesObject: boolean;
  /** Fields beside those of the object. */
  readonly more?: (object: JsonObject) => ActionResult;
  /** Names that the result always has: null where Stripe's API version has no such field any more. */
  readonly names?: readonly string[];
}

const paymentIntentNames = [
  "id",
  "object",
  "amount",
  "amount_capturable",
  "amount_received",
  "canceled_at",
  "cancellation_reason",
  "capture_method",
  "client_secret",
  "confirmation_method",
  "created",
  "currency",
  "customer",
  "description",
  "invoice",
  "last_payment_error",
  "latest_charge",
  "level3",
  "livemode",
  "next_action",
  "on_behalf_of",
  "payment_method",
  "payment_method_configuration_details",
  "payment_method_options.card.installments",
  "payment_method_types",
  "processing",
  "receipt_email",
  "review",
  "setup_future_usage",
  "shipping",
  "statement_descriptor_suffix",
  "status",
  "transfer_data",
  "transfer_group",
];

const invoiceNames = [
  "id",
  "object",
  "account_country",
  "account_name",
  "billing_reason",
  "charge",
  "collection_method",
  "created",
  "currency",
  "discounts",
  "due_date",
  "effective_at",
  "ending_balance",
  "footer",
  "lines.data",
  "lines.has_more",
  "lines.total_count",
  "livemode",
  "next_payment_attempt",
  "number",
  "on_behalf_of",
  "paid",
  "paid_out_of_band",
  "payment_intent",
];

const paymentIntent: ResultShape = { givesObject: true, names: paymentIntentNames };
const successOnly: ResultShape = { givesObject: false };

/**
 * The results of the connector's nine actions; any other action gives its object.
 * Source: https://cloud.google.com/integration-connectors/docs/connectors/stripe/configure#action-examples
 */
const shapes: Readonly<Record<string, ResultShape>> = {
  ConfirmPaymentIntent: paymentIntent,
  CapturePaymentIntent: paymentIntent,
  CancelPaymentIntent: paymentIntent,
  AttachPaymentMethodToCustomer: successOnly,
  DetachPaymentMethodFromCustomer: successOnly,
  FinalizeInvoice: {
    givesObject: true,
    names: invoiceNames,
    // Stripe has dropped the field since; its meaning is a status now.
    more: ({ status }) => ({ paid: String(status === "paid") }),
  },
  FinalizeQuote: successOnly,
  AcceptQuote: {
    givesObject: false,
    more: ({ invoice }) => ({ InvoiceId: typeof invoice === "string" ? invoice : null }),
  },
  CancelQuote: successOnly,
};

const wholeObject: ResultShape = { givesObject: true };

/** Names of the nine actions that the connector documents, in its order. */
export const documentedActions: readonly string[] = Object.keys(shapes);

export function resultShape(action: string): ResultShape {
  return shapes[action] ?? wholeObject;
}
