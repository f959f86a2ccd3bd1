import type { ObjectShapes } from "../object-shape.js";
import type { ObjectStore } from "../object-store.js";
import type { BusinessYears } from "./business-years.js";
import { seedBulkCharges } from "./seed-bulk-charges.js";
import type { SeedContextOptions } from "./seed-context.js";
import { SeedContext } from "./seed-context.js";
import { seedCustomers } from "./seed-customers.js";
import { seedEvents } from "./seed-events.js";
import { seedFabricated } from "./seed-fabricated.js";
import { seedInvoiceSequences, seedLongInvoices, seedManualInvoices, seedPendingItems } from "./seed-invoices.js";
import { seedNotes } from "./seed-notes.js";
import { seedSinglePayments } from "./seed-payments.js";
import { seedPayouts } from "./seed-payouts.js";
import { seedProducts } from "./seed-products.js";
import { seedSales } from "./seed-quotes.js";
import { seedReversals } from "./seed-reversals.js";
import { seedSubscriptions } from "./seed-subscriptions.js";

export interface SeedOptions {
  readonly customers: number;
  readonly charges: number;
  readonly seed: number;
  readonly years: BusinessYears;
  /** "2026-10-28.endive" */
  readonly apiVersion: string;
}

/** The platform's own account, and a connected one with a few customers. */
const platformAccount = "acct_sandbox";
const connectedAccount = "acct_sandbox_connected";

/** Fills an empty store with a coherent business: the same options always give the same objects. */
export function seedBusiness(store: ObjectStore, shapes: ObjectShapes, options: SeedOptions): void {
  const seed = new SeedContext(shapes, { ...options, account: "" });
  const aside = seed.aside(options.seed * 31 + 17);
  store.transaction(() => {
    const assortment = seedProducts(seed, aside);
    const customers = seedCustomers(seed, options.customers);
    seedSubscriptions(seed, customers, assortment);
    seedManualInvoices(seed, customers, assortment);
    seedPendingItems(seed, customers);
    seedSinglePayments(seed, customers);
    seedReversals(seed);
    seedLongInvoices(aside, customers, assortment);
    seedInvoiceSequences(seed, customers);
    seedSales(seed, customers, assortment);
    seedNotes(seed);
    seedPayouts(seed);
    seedAccounts(seed);
    seedFabricated(seed);
    seedEvents(aside);
    seed.keep(store);
    if (options.charges > 0) seedBulkCharges(seed, store, { count: options.charges, customers });
    seedConnected(store, shapes, { ...options, seed: options.seed + 1, account: connectedAccount });
    store.writeFact("account", platformAccount);
  });
}

function seedAccounts(seed: SeedContext): void {
  const common = {
    charges_enabled: true,
    payouts_enabled: true,
    details_submitted: true,
    country: "US",
    default_currency: "usd",
    metadata: {},
  };
  if (seed.shapes.tables.has("CurrentAccount")) {
    seed.add("CurrentAccount", {
      ...common,
      id: platformAccount,
      type: "standard",
      email: "owner@example.com",
      created: seed.startSeconds,
    });
  }
  seed.add("Account", {
    ...common,
    id: connectedAccount,
    type: "express",
    email: "connected@example.com",
    created: seed.endSeconds - 200 * 86_400,
  });
}

/** The connected account has objects of its own: other customers, and nothing else. */
function seedConnected(store: ObjectStore, shapes: ObjectShapes, options: SeedContextOptions): void {
  const seed = new SeedContext(shapes, options);
  seedCustomers(seed, 7);
  seed.keep(store);
}
