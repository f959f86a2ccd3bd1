import type { JsonObject } from "../../value/json.js";
import { cardFields } from "../resources/test-cards.js";
import type { Region } from "./people.js";
import { addressIn, fullName, regions } from "./people.js";
import type { SeedContext } from "./seed-context.js";

/** A seeded customer with what its payments need. */
export interface SeededCustomer {
  readonly object: JsonObject;
  readonly id: string;
  readonly email: string;
  readonly created: number;
  readonly currency: "usd" | "eur";
  readonly country: string;
  readonly method: JsonObject;
  readonly index: number;
}

const brands = [
  { brand: "visa", last4: "4242" },
  { brand: "mastercard", last4: "4444" },
  { brand: "amex", last4: "8431" },
  { brand: "visa", last4: "5556", funding: "debit" },
  { brand: "discover", last4: "9424" },
  { brand: "mastercard", last4: "5100", funding: "prepaid" },
];
const segments = ["free", "pro", "enterprise"];

/** Customers come in over the two years: after the products, and early enough for the last to buy. */
export function seedCustomers(seed: SeedContext, count: number): readonly SeededCustomer[] {
  const span = seed.endSeconds - seed.startSeconds - 25 * 86_400;
  return Array.from({ length: count }, (_, index) => {
    const created =
      seed.startSeconds +
      11 * 86_400 +
      Math.floor((span * index) / Math.max(1, count)) -
      (index % 10 === 9 ? 0 : seed.random.below(3600));
    return seedCustomer(seed, index, created);
  });
}

function seedCustomer(seed: SeedContext, index: number, created: number): SeededCustomer {
  const { random } = seed;
  const region = regions[index % regions.length] ?? random.pick(regions);
  const id = seed.newId("Customer");
  const name = fullName(random);
  const email = `customer${index + 1}@example.com`;
  const address = addressIn(region, random);
  const method = seedMethod(seed, { index, created, customer: id, name, email, address, region });
  const balance = index % 9 === 4 ? -100 * (5 + random.below(50)) : index % 50 === 7 ? 2500 : 0;
  const object = seed.add("Customer", {
    id,
    address,
    balance,
    created,
    currency: region.currency,
    default_source: null,
    delinquent: index % 25 === 17,
    description: index % 4 === 0 ? `Customer number ${index + 1}` : null,
    email,
    invoice_prefix: random.text(8).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: method["id"] ?? null,
      footer: null,
      rendering_options: null,
    },
    metadata: metadataOf(index),
    name,
    next_invoice_sequence: 1,
    phone: index % 3 === 0 ? `${region.phone}${String(1000 + (index % 9000))}` : null,
    preferred_locales: [region.locale],
    shipping: index % 5 === 0 ? { address, name, phone: null } : null,
    tax_exempt: index % 40 === 3 ? "exempt" : "none",
  });
  if (balance !== 0) seedBalance(seed, { id, balance, created, currency: region.currency });
  return { object, id, email, created, currency: region.currency, country: region.country, method, index };
}

/** Some have no metadata at all. */
function metadataOf(index: number): JsonObject {
  if (index % 11 === 10) return {};
  const metadata = { order_id: String(6000 + index), segment: segments[index % 3] ?? "free" };
  return index % 6 === 0 ? { ...metadata, source: index % 12 === 0 ? "newsletter" : "referral" } : metadata;
}

function seedMethod(
  seed: SeedContext,
  owner: {
    readonly index: number;
    readonly created: number;
    readonly customer: string;
    readonly name: string;
    readonly email: string;
    readonly address: JsonObject;
    readonly region: Region;
  },
): JsonObject {
  const card = cardFields({
    ...(brands[owner.index % brands.length] ?? { brand: "visa", last4: "4242" }),
    country: owner.region.country,
  });
  const expiry = { exp_month: 1 + (owner.index % 12), exp_year: 2026 + (owner.index % 5) };
  return seed.add("PaymentMethod", {
    allow_redisplay: "always",
    billing_details: { address: owner.address, email: owner.email, name: owner.name, phone: null, tax_id: null },
    card: { ...card, ...expiry },
    created: owner.created + 30,
    customer: owner.customer,
    metadata: {},
    type: "card",
  });
}

function seedBalance(
  seed: SeedContext,
  owner: { readonly id: string; readonly balance: number; readonly created: number; readonly currency: string },
): void {
  const parts = [Math.round(owner.balance / 4), owner.balance - Math.round(owner.balance / 4)];
  let ending = 0;
  for (const [index, amount] of parts.entries()) {
    ending += amount;
    seed.add(
      "CustomerBalanceTransaction",
      {
        amount,
        created: owner.created + (index + 1) * 86_400,
        currency: owner.currency,
        customer: owner.id,
        description: amount < 0 ? "Goodwill credit" : "Correction",
        ending_balance: ending,
        metadata: {},
        type: "adjustment",
      },
      owner.id,
    );
  }
}
