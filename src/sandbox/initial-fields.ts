import type { JsonObject } from "../value/json.js";

/** The state in which Stripe creates an object, where it is not the request that says so. */
const initialFields: Readonly<Record<string, JsonObject>> = {
  Account: { charges_enabled: false, details_submitted: false, payouts_enabled: false, type: "none" },
  AppsInstall: { status: "installing" },
  BillingAlert: { status: "active" },
  BillingCreditGrant: { category: "paid" },
  BillingFeedbackOption: { status: "active" },
  BillingMeter: { status: "active" },
  ClimateOrder: { status: "awaiting_funds" },
  IdentityVerificationSession: { status: "requires_input" },
  IssuingCard: { brand: "Visa", exp_month: 11, exp_year: 2029, last4: "0009", status: "inactive" },
  IssuingCardholder: { status: "active", type: "individual" },
  IssuingDispute: { status: "unsubmitted" },
  IssuingPersonalizationDesign: { status: "review" },
  PaymentLink: { customer_creation: "if_required", payment_method_collection: "always" },
  PaymentMethodDomain: { enabled: true },
  Plan: { billing_scheme: "per_unit", interval_count: 1, usage_type: "licensed" },
  RadarValueList: { created_by: "sandbox", item_type: "string" },
  RadarValueListItem: { created_by: "sandbox" },
  ReportingReportRun: { status: "pending" },
  SubscriptionSchedule: { end_behavior: "release", status: "not_started" },
  TaxRegistration: { status: "active" },
  TestHelpersTestClock: { status: "ready" },
  TreasuryCreditReversal: { status: "processing" },
  TreasuryDebitReversal: { status: "processing" },
  TreasuryFinancialAccount: { country: "US", status: "open" },
  TreasuryInboundTransfer: { cancelable: true, status: "processing" },
  TreasuryOutboundPayment: { cancelable: true, status: "processing" },
  TreasuryOutboundTransfer: { cancelable: true, status: "processing" },
  WebhookEndpoint: { status: "enabled" },
  "v2.EventDestination": { status: "enabled" },
  "v2.FinancialAddress": { status: "pending" },
  "v2.OutboundPayment": { cancelable: true, status: "processing" },
  "v2.OutboundSetupIntent": { status: "requires_payout_method", usage_intent: "payment" },
  "v2.PayoutIntent": { confirmation_method: "automatic", status: "pending" },
  "v2.ProductCatalogImport": { status: "awaiting_upload" },
};

/** What a new object of a type begins with: active, where it can be, and in the first state of its life. */
export function initialState(type: string, blank: JsonObject): JsonObject {
  const active = typeof blank["active"] === "boolean" ? { active: true } : {};
  return { ...active, ...initialFields[type] };
}
