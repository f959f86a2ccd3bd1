import type { OperationTable } from "./operation.js";
import { balanceOperations } from "./resources/balance.js";
import { chargeOperations } from "./resources/charges.js";
import { checkoutSessionOperations } from "./resources/checkout-sessions.js";
import { creditNoteOperations } from "./resources/credit-notes.js";
import { customerOperations } from "./resources/customers.js";
import { disputeOperations } from "./resources/disputes.js";
import { invoiceItemOperations } from "./resources/invoice-items.js";
import { invoiceOperations } from "./resources/invoices.js";
import { linkOperations } from "./resources/links.js";
import { paymentIntentOperations } from "./resources/payment-intents.js";
import { paymentMethodOperations } from "./resources/payment-methods.js";
import { payoutOperations } from "./resources/payouts.js";
import { productCatalogOperations } from "./resources/product-catalog.js";
import { quoteOperations } from "./resources/quotes.js";
import { refundOperations } from "./resources/refunds.js";
import { setupIntentOperations } from "./resources/setup-intents.js";
import { stateChangeOperations } from "./resources/state-changes.js";
import { subscriptionItemOperations } from "./resources/subscription-items.js";
import { subscriptionScheduleOperations } from "./resources/subscription-schedules.js";
import { subscriptionOperations } from "./resources/subscriptions.js";
import { testClockOperations } from "./resources/test-clocks.js";
import { transferOperations } from "./resources/transfers.js";

/** Every call that does more than keep what it is given. */
export const operations: OperationTable = {
  ...balanceOperations,
  ...chargeOperations,
  ...checkoutSessionOperations,
  ...creditNoteOperations,
  ...customerOperations,
  ...disputeOperations,
  ...invoiceItemOperations,
  ...invoiceOperations,
  ...paymentIntentOperations,
  ...paymentMethodOperations,
  ...payoutOperations,
  ...productCatalogOperations,
  ...quoteOperations,
  ...refundOperations,
  ...setupIntentOperations,
  ...subscriptionItemOperations,
  ...subscriptionScheduleOperations,
  ...subscriptionOperations,
  ...stateChangeOperations,
  ...linkOperations,
  ...testClockOperations,
  ...transferOperations,
};
