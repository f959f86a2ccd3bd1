import type { BuiltInView } from "../built-in-view.js";
import { balanceMovements, payoutReconciliation } from "./balance.js";
import { cohorts } from "./cohorts.js";
import { couponUsage, invoiceAgeing, revenueByProduct, taxByJurisdiction } from "./invoices.js";
import { itemAmounts } from "./item-amounts.js";
import { arpu, customerChurn, ltv, mrr, revenueChurn } from "./mrr.js";
import { mrrChanges } from "./mrr-changes.js";
import { mrrMovements } from "./mrr-movements.js";
import { disputeRate, failedPayments, refundsByMonth, revenueByCountry } from "./payments.js";
import { subscriptionMrr } from "./subscription-mrr.js";
import { renewals, trialConversion } from "./subscriptions.js";

/** The views of the schema `metrics`; each stands behind those that it names. */
export const metrics: readonly BuiltInView[] = [
  itemAmounts,
  subscriptionMrr,
  mrrChanges,
  mrrMovements,
  mrr,
  arpu,
  customerChurn,
  revenueChurn,
  ltv,
  cohorts,
  trialConversion,
  renewals,
  invoiceAgeing,
  failedPayments,
  disputeRate,
  refundsByMonth,
  revenueByCountry,
  revenueByProduct,
  couponUsage,
  taxByJurisdiction,
  payoutReconciliation,
  balanceMovements,
];

/** As statements name them: "metrics.mrr". */
export const metricNames: readonly string[] = metrics.map(({ schema, name }) => `${schema}.${name}`);
