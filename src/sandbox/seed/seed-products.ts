import type { JsonObject } from "../../value/json.js";
import type { AppliedTax } from "../resources/invoice-totals.js";
import { planOf } from "../resources/subscription-items.js";
import type { SeedContext } from "./seed-context.js";
import { seedTaxRates } from "./seed-tax-rates.js";

/** What the seeded business sells and grants. */
export interface Assortment {
  /** Monthly and yearly prices by currency. */
  readonly recurring: Readonly<Record<"usd" | "eur", readonly JsonObject[]>>;
  readonly oneTime: Readonly<Record<"usd" | "eur", readonly JsonObject[]>>;
  readonly coupons: readonly JsonObject[];
  /** By country. */
  readonly valueAddedTaxes: ReadonlyMap<string, AppliedTax>;
  /** Comes on top of prices. */
  readonly salesTax: AppliedTax;
}

type Shelves = Record<"usd" | "eur", JsonObject[]>;

interface PlannedProduct {
  readonly name: string;
  readonly description: string;
  readonly monthly?: number;
  readonly once?: number;
  readonly active?: boolean;
}

const planned: readonly PlannedProduct[] = [
  { name: "Starter", description: "For one person", monthly: 900 },
  { name: "Team", description: "For up to ten people", monthly: 2900 },
  { name: "Business", description: "For companies", monthly: 9900 },
  { name: "Enterprise", description: "With support around the clock", monthly: 49900 },
  { name: "Storage", description: "100 GB more", monthly: 500 },
  { name: "Onboarding", description: "A day with an expert", once: 120000 },
  { name: "T-shirt", description: "100% cotton", once: 2500 },
  { name: "Coffee mug", description: "Holds 0.3 l", once: 1450 },
  { name: "Gift card", description: "The present that always fits", once: 5000 },
  { name: "Legacy plan", description: "No longer sold", monthly: 700, active: false },
];

const day = 86_400;

/** `taxes` is where the tax rates are added: by chances of their own. */
export function seedProducts(seed: SeedContext, taxes: SeedContext): Assortment {
  const recurring: Shelves = { usd: [], eur: [] };
  const oneTime: Shelves = { usd: [], eur: [] };
  for (const [index, product] of planned.entries()) {
    const productId = addProduct(seed, product, index);
    for (const currency of ["usd", "eur"] as const) {
      const prices = addPrices(seed, { product, productId, currency, index });
      const shelf = product.once === undefined ? recurring : oneTime;
      if (product.active !== false) shelf[currency].push(...prices);
    }
  }
  return { recurring, oneTime, coupons: seedCoupons(seed), ...seedTaxRates(taxes) };
}

function addProduct(seed: SeedContext, product: PlannedProduct, index: number): string {
  const id = seed.newId("Product");
  const created = seed.startSeconds + index * day;
  seed.add("Product", {
    id,
    active: product.active ?? true,
    created,
    updated: created + 30 * day,
    description: product.description,
    images: [],
    marketing_features: [],
    metadata: { line: product.once === undefined ? "service" : "goods" },
    name: product.name,
    shippable: product.once === undefined ? null : true,
    type: product.once === undefined ? "service" : "good",
    url: index % 2 === 0 ? `https://example.com/products/${index}` : null,
  });
  return id;
}

function addPrices(
  seed: SeedContext,
  plan: {
    readonly product: PlannedProduct;
    readonly productId: string;
    readonly currency: "usd" | "eur";
    readonly index: number;
  },
): readonly JsonObject[] {
  const { product, currency } = plan;
  if (product.once !== undefined) return [addPrice(seed, plan, { amount: product.once, interval: undefined })];
  const monthly = product.monthly ?? 0;
  const prices = [addPrice(seed, plan, { amount: monthly, interval: "month" })];
  if (currency === "usd" || plan.index < 3)
    prices.push(addPrice(seed, plan, { amount: monthly * 10, interval: "year" }));
  return prices;
}

function addPrice(
  seed: SeedContext,
  plan: {
    readonly product: PlannedProduct;
    readonly productId: string;
    readonly currency: string;
    readonly index: number;
  },
  price: { readonly amount: number; readonly interval: "month" | "year" | undefined },
): JsonObject {
  const { product, productId, currency, index } = plan;
  const suffix = price.interval === undefined ? "" : ` ${price.interval}ly`;
  const added = seed.add("Price", {
    active: product.active ?? true,
    billing_scheme: "per_unit",
    created: seed.startSeconds + index * day + 60,
    currency,
    lookup_key: `${product.name.toLowerCase().replaceAll(" ", "_")}_${price.interval ?? "once"}_${currency}`,
    metadata: {},
    nickname: `${product.name}${suffix}`,
    product: productId,
    recurring:
      price.interval === undefined
        ? null
        : { interval: price.interval, interval_count: 1, meter: null, trial_period_days: null, usage_type: "licensed" },
    tax_behavior: "unspecified",
    type: price.interval === undefined ? "one_time" : "recurring",
    unit_amount: price.amount,
    unit_amount_decimal: String(price.amount),
  });
  if (price.interval !== undefined) seed.add("Plan", planOf(added));
  return added;
}

function seedCoupons(seed: SeedContext): readonly JsonObject[] {
  const planned: readonly JsonObject[] = [
    { id: "WELCOME20", name: "Welcome", percent_off: 20, duration: "once" },
    { id: "LOYAL10", name: "Loyalty", percent_off: 10, duration: "forever" },
    { id: "FIVEOFF", name: "Five off", amount_off: 500, currency: "usd", duration: "repeating", duration_in_months: 3 },
    {
      id: "EXPIRED",
      name: "Last summer",
      percent_off: 50,
      duration: "once",
      valid: false,
      redeem_by: seed.startSeconds + 60 * day,
    },
  ];
  return planned.map((fields, index) => {
    const coupon = seed.add("Coupon", {
      valid: true,
      metadata: {},
      times_redeemed: 5 * (4 - index),
      created: seed.startSeconds + index * day,
      ...fields,
    });
    seed.add("PromotionCode", {
      active: coupon["valid"] ?? true,
      code: `${String(coupon["id"])}${index + 1}`,
      created: seed.startSeconds + index * day + 3600,
      metadata: {},
      promotion: { type: "coupon", coupon: coupon["id"] ?? "" },
      restrictions: { first_time_transaction: index === 0, minimum_amount: null, minimum_amount_currency: null },
      times_redeemed: index,
    });
    return coupon;
  });
}
