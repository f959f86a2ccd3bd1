import Stripe from "stripe";

/** The sandbox's clock, which the story below moves on. */
export interface Clock {
  seconds: number;
}

const day = 86_400;
type Price = Stripe.PriceCreateParams;
type Subscription = Stripe.SubscriptionCreateParams;

/**
 * Five months of what the seeded business has not: further currencies, some without minor units, prices of every kind and
 * interval, discounts that last and that do not, customers who add, drop, leave, come back and try.
 */
export async function enrich(stripe: Stripe, clock: Clock): Promise<void> {
  const story = new Story(stripe, clock);
  const product = await stripe.products.create({ name: "Suite" });
  const prices = await makePrices(stripe, product.id);
  const coupons = await makeCoupons(stripe);
  const [yen, pounds, weekly, daily] = [prices.yen, prices.pounds, prices.weekly, prices.daily];

  const adder = await story.customer("jp");
  const first = await story.subscribe(adder, { items: [{ price: yen, quantity: 3 }] });
  const switcher = await story.customer("gb");
  const before = await story.subscribe(switcher, { items: [{ price: pounds }] });
  const everything = await story.customer("de");
  for (const price of [prices.quarterly, prices.graduated, prices.volume, prices.packaged, prices.free, prices.metered])
    await story.subscribe(everything, { items: [{ price, ...(price === prices.metered ? {} : { quantity: 14 }) }] });
  await story.subscribe(everything, {
    items: [
      { price: prices.inline, quantity: 7 },
      { price: prices.half, quantity: 3 },
    ],
  });

  story.wait(31);
  const second = await story.subscribe(adder, { items: [{ price: yen }], discounts: [{ coupon: coupons.third }] });
  const converted = await story.customer("us");
  const trial = await story.subscribe(converted, { items: [{ price: weekly, quantity: 2 }], trial_period_days: 14 });
  const leaver = await story.customer("us");
  const left = await story.subscribe(leaver, { items: [{ price: daily }], trial_period_days: 30 });
  const refuser = await story.customer("chargeCustomerFail");
  const refused = await story.subscribe(refuser, { items: [{ price: weekly }], trial_period_days: 10 });
  const both = [{ coupon: coupons.off }, { coupon: coupons.once }, { coupon: coupons.third }];
  await story.subscribe(await story.customer("jp"), { items: [{ price: yen, quantity: 2 }], discounts: both });
  await story.subscribe(await story.customer("jp"), {
    items: [{ price: yen }],
    discounts: [{ coupon: coupons.months }],
  });
  await story.subscribe(await story.customer("gb"), {
    items: [{ price: pounds }],
    discounts: [{ coupon: coupons.off }],
  });
  await story.subscribe(await story.customer("jp"), { items: [{ price: prices.yenYearly }], discounts: both });

  story.wait(10);
  await stripe.subscriptions.update(refused, { trial_end: "now" });
  await stripe.subscriptions.cancel(left);
  story.wait(4);
  await stripe.subscriptions.update(trial, { trial_end: "now" });
  await stripe.subscriptions.cancel(before);
  await story.subscribe(switcher, { items: [{ price: pounds, quantity: 2 }] });

  story.wait(20);
  await stripe.subscriptions.cancel(first);
  const brief = await story.subscribe(await story.customer("us"), { items: [{ price: daily, quantity: 3 }] });
  story.wait(2);
  await stripe.subscriptions.cancel(brief);
  await stripe.subscriptions.cancel(trial);
  story.wait(25);
  await stripe.subscriptions.cancel(second);
  await story.subscribe(await story.customer("gb"), { items: [{ price: weekly }], trial_period_days: 90 });
  await story.pay();
  story.wait(30);
  await story.subscribe(adder, { items: [{ price: yen, quantity: 5 }] });
  await story.invoices(coupons.once);
  await story.pay();
}

async function makePrices(stripe: Stripe, product: string) {
  const make = async (price: Omit<Price, "product">) => (await stripe.prices.create({ product, ...price })).id;
  const month = { interval: "month" } as const;
  const tiers: Stripe.PriceCreateParams.Tier[] = [
    { up_to: 5, unit_amount: 700, flat_amount: 1000 },
    { up_to: 10, unit_amount: 500 },
    { up_to: "inf", unit_amount: 333, flat_amount: 250 },
  ];
  const tiered = { currency: "eur", recurring: month, billing_scheme: "tiered", tiers } as const;
  return {
    yen: await make({ currency: "jpy", unit_amount: 1250, recurring: month }),
    yenYearly: await make({ currency: "jpy", unit_amount: 19_999, recurring: { interval: "year" } }),
    pounds: await make({ currency: "gbp", unit_amount: 10_000, recurring: { interval: "year" } }),
    weekly: await make({ currency: "usd", unit_amount: 799, recurring: { interval: "week" } }),
    daily: await make({ currency: "usd", unit_amount: 33, recurring: { interval: "day", interval_count: 2 } }),
    quarterly: await make({ currency: "eur", unit_amount: 4999, recurring: { interval: "month", interval_count: 3 } }),
    graduated: await make({ ...tiered, tiers_mode: "graduated" }),
    volume: await make({ ...tiered, tiers_mode: "volume" }),
    packaged: await make({
      ...{ currency: "eur", unit_amount: 900, recurring: month },
      transform_quantity: { divide_by: 5, round: "up" },
    }),
    free: await make({ currency: "eur", unit_amount: 0, recurring: month }),
    metered: await make({ currency: "eur", unit_amount: 200, recurring: { interval: "month", usage_type: "metered" } }),
    inline: await make({ currency: "eur", unit_amount_decimal: Stripe.Decimal.from("12.5"), recurring: month }),
    half: await make({ currency: "eur", unit_amount: 18, recurring: { interval: "year" } }),
  };
}

async function makeCoupons(stripe: Stripe) {
  const make = async (coupon: Stripe.CouponCreateParams) => (await stripe.coupons.create(coupon)).id;
  return {
    third: await make({ percent_off: 33.33, duration: "forever" }),
    off: await make({ amount_off: 777, currency: "jpy", duration: "forever" }),
    once: await make({ percent_off: 50, duration: "once" }),
    months: await make({ percent_off: 10, duration: "repeating", duration_in_months: 3 }),
  };
}

/** What happens at the clock's time. */
class Story {
  readonly #stripe: Stripe;
  readonly #clock: Clock;

  constructor(stripe: Stripe, clock: Clock) {
    this.#stripe = stripe;
    this.#clock = clock;
  }

  wait(days: number): void {
    this.#clock.seconds += days * day;
  }

  /** Somebody who pays by a test card. */
  async customer(card: string): Promise<string> {
    const customer = await this.#stripe.customers.create({ name: `Payer by ${card}` });
    const method = await this.#stripe.paymentMethods.attach(`pm_card_${card}`, { customer: customer.id });
    await this.#stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: method.id } });
    return customer.id;
  }

  async subscribe(customer: string, subscription: Omit<Subscription, "customer">): Promise<string> {
    return (await this.#stripe.subscriptions.create({ customer, ...subscription })).id;
  }

  /** Payments of several currencies and cards: some fail, and some are given back. */
  async pay(): Promise<void> {
    const { paymentIntents, refunds } = this.#stripe;
    const cards = ["jp", "gb", "br", "visa_chargeDeclinedInsufficientFunds", "chargeDeclinedExpiredCard"];
    for (const [index, card] of cards.entries())
      for (const [currency, amount] of [
        ["jpy", 980],
        ["krw", 15_000],
        ["gbp", 1999],
      ] as const) {
        const paying = paymentIntents.create({
          ...{ amount: amount + index, currency, payment_method: `pm_card_${card}`, confirm: true },
          automatic_payment_methods: { enabled: true, allow_redirects: "never" },
        });
        const intent = await paying.catch(() => undefined);
        if (intent === undefined || index > 1) continue;
        const reason = index === 0 ? ({ reason: "duplicate" } as const) : { amount: Math.floor(amount / 3) };
        await refunds.create({ payment_intent: intent.id, ...reason });
      }
  }

  /** Invoices by hand in yen, which stay open, are void or drafts, or paid. */
  async invoices(coupon: string): Promise<void> {
    const { invoices, invoiceItems } = this.#stripe;
    const customer = await this.customer("jp");
    for (const end of ["open", "void", "draft", "paid"] as const) {
      const item = { customer, currency: "jpy" };
      await invoiceItems.create({ ...item, amount: 3333 });
      await invoiceItems.create({ ...item, amount: 1001 });
      const invoice = await invoices.create({
        ...{ customer, currency: "jpy", collection_method: "send_invoice", days_until_due: 7, discounts: [{ coupon }] },
        pending_invoice_items_behavior: "include",
      });
      const { id = "" } = invoice;
      if (end !== "draft") await invoices.finalizeInvoice(id);
      if (end === "void") await invoices.voidInvoice(id);
      if (end === "paid") await invoices.pay(id, { paid_out_of_band: true });
    }
  }
}
