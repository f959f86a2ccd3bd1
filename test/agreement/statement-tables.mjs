// What generated statements know of the tables: columns that tell rows apart, columns of few values, conditions of each
// table's own, and how tables are joined. Conditions are functions of the table's alias, the facts and the random numbers.

const quoted = (values) => values.map((value) => `'${value}'`).join(", ");
const one = (random, values) => `'${random.of(random.chance(0.08) ? ["nobody"] : values)}'`;
const several = (random, values, most = 4) =>
  quoted(Array.from({ length: 1 + random.below(most) }, () => random.of([...values, "nobody"])));

const ofCustomers = [
  (a, { customers }, random) => `${a}.Customer = ${one(random, customers)}`,
  (a, { customers }, random) => `${a}.Customer IN (${several(random, customers)})`,
  (a, { emails }, random) => `${a}.Customer IN (SELECT Id FROM {Customer} WHERE Email = ${one(random, emails)})`,
  (a, { emails }, random) => `${a}.Customer = (SELECT min(Id) FROM {Customer} WHERE Email = ${one(random, emails)})`,
  (a) => `${a}.Customer NOT IN (SELECT Id FROM {Customer} WHERE AddressCountry = 'US')`,
  (a) => `EXISTS (SELECT 1 FROM {Customer} x WHERE x.Id = ${a}.Customer AND x.Delinquent)`,
];

/** Conditions on the time of creation, in each spelling that people use; of every table that has one. */
const createdConditions = [
  (a, { times }, random) => `${a}.Created >= ${one(random, times).replace("nobody", "2026-01-01")}`,
  (a, { times }, random) => `${a}.Created < ${one(random, times).replace("nobody", "2025-06-01")}`,
  (a, { times }, random) => `${a}.Created::DATE = '${day(random, times)}'`,
  (a, { times }, random) => `CAST(${a}.Created AS DATE) <> '${day(random, times)}'`,
  (a, { times }, random) =>
    `date_trunc('${random.of(["day", "week", "month", "quarter", "year"])}', ${a}.Created) ${random.of(["=", ">=", "<", ">", "<="])} '${month(random, times)}'`,
  (a, _, random) => `year(${a}.Created) ${random.of(["=", "=", "<", ">=", "<>"])} ${random.of([2024, 2025, 2026])}`,
  (a, { times }, random) =>
    `strftime(${a}.Created, '%Y-%m') ${random.of(["=", ">=", "<"])} '${day(random, times).slice(0, 7)}'`,
  (a, _, random) => `${a}.Created > TIMESTAMPTZ '2026-11-01' - INTERVAL ${random.of([3, 30, 90, 200])} DAY`,
  (a, _, random) => `${a}.Created + INTERVAL ${random.of([1, 36])} ${random.of(["HOUR", "DAY"])} < '2026-03-15'`,
  (a, _, random) => `${a}.Created BETWEEN '2026-0${1 + random.below(4)}-01' AND '2026-0${5 + random.below(4)}-15'`,
  (a, _, random) => `extract('month' FROM ${a}.Created) = ${1 + random.below(12)} AND year(${a}.Created) = 2026`,
  (a, _, random) => `epoch(${a}.Created) ${random.of([">=", "<"])} ${1_780_000_000 + random.below(12_000_000)}`,
  (a) => `${a}.Created < now()`,
  (a, _, random) => `${a}.Created >= (SELECT max(Created) FROM {Payout}) - INTERVAL ${random.of([5, 60])} DAY`,
  (a) => `${a}.Created > (SELECT min(Created) FROM {Dispute})`,
  (a, { times }, random) =>
    `(${a}.Created < '${day(random, times)}' OR ${a}.Created >= ${one(random, times).replace("nobody", "2026-10-01")})`,
];

const day = (random, times) => random.of(times).slice(0, 10);
const month = (random, times) => `${random.of(times).slice(0, 7)}-01`;

/** Conditions that say nothing, or that no filter of Stripe's can say. */
const anywhere = [
  () => "1 = 1",
  (a) => `${a}.Id IS NOT NULL`,
  (a, _, random) => `${a}.Id LIKE '%${random.of(["a", "X", "7"])}%'`,
  (a, _, random) => `length(${a}.Id) > ${random.of([5, 20])}`,
];

/** Joined by a column of the one that is a key of the other, either way round. */
const parent = (table, column) => ({ table, on: (a, b) => `${b}.Id = ${a}.${column}`, isMany: false });
const child = (table, column) => ({ table, on: (a, b) => `${b}.${column} = ${a}.Id`, isMany: true });
const sibling = (table, column) => ({ table, on: (a, b) => `${a}.${column} = ${b}.${column}`, isMany: true });

const literals = (...texts) => texts.map((text) => (a) => text.replaceAll("@", a));

export const statementTables = {
  Customer: {
    columns: ["Email", "Name", "Delinquent", "AddressCountry"],
    groups: ["AddressCountry", "TaxExempt", "Delinquent"],
    number: "Balance",
    conditions: [
      (a, { emails }, random) => `${a}.Email = ${one(random, emails)}`,
      (a, { emails }, random) => `${a}.Email IN (${several(random, emails)})`,
      (a, { emails }, random) => `lower(${a}.Email) = ${one(random, emails)}`,
      (a, { orders }, random) => `${a}.Metadata->>'order_id' = ${one(random, orders)}`,
      (a, { customers }, random) => `${a}.Id IN (${several(random, customers)})`,
      ...literals(
        "@.Metadata->>'segment' = 'pro'",
        "@.Metadata->>'segment' <> 'free'",
        "@.Metadata->>'order_id' IS NULL",
        "@.Delinquent",
        "NOT @.Delinquent",
        "@.Balance < 0",
        "@.Name LIKE '%son%'",
        "@.AddressCountry IN ('FR', 'GB')",
        "EXISTS (SELECT 1 FROM {Charge} x WHERE x.Customer = @.Id AND x.Status = 'failed')",
        "NOT EXISTS (SELECT 1 FROM {Subscription} x WHERE x.Customer = @.Id)",
        "@.Id IN (SELECT Customer FROM {Invoice} WHERE Status = 'open')",
        "@.Id NOT IN (SELECT Customer FROM {Subscription} WHERE Customer IS NOT NULL)",
      ),
    ],
    joins: [
      child("Charge", "Customer"),
      child("Invoice", "Customer"),
      child("Subscription", "Customer"),
      child("PaymentIntent", "Customer"),
      child("PaymentMethod", "Customer"),
      parent("PaymentMethod", "InvoiceSettingsDefaultPaymentMethod"),
    ],
  },
  Charge: {
    columns: ["Amount", "Status", "Customer", "Currency"],
    groups: ["Status", "Currency", "Customer", "Paid"],
    number: "Amount",
    conditions: [
      ...ofCustomers,
      (a, { charges }, random) => `${a}.Id IN (${several(random, charges)})`,
      (a, { paymentIntents }, random) => `${a}.PaymentIntent = ${one(random, paymentIntents)}`,
      (a, { paymentIntents, customers }, random) =>
        `(${a}.PaymentIntent = ${one(random, paymentIntents)} OR ${a}.Customer IN (${several(random, customers)}))`,
      ...literals(
        "@.Status = 'failed'",
        "@.Status <> 'succeeded'",
        "@.Refunded",
        "@.Amount > 3000",
        "@.Paid <> false",
        "@.Disputed = true",
        "@.Currency = 'usd'",
        "@.FailureCode IS NOT NULL",
        "@.Metadata->>'order_id' IS NOT NULL",
        "EXISTS (SELECT 1 FROM {Refund} x WHERE x.Charge = @.Id)",
        "NOT EXISTS (SELECT 1 FROM {Dispute} x WHERE x.Charge = @.Id)",
        "@.Id IN (SELECT Charge FROM {Dispute} UNION SELECT Charge FROM {Refund} WHERE Reason = 'fraudulent')",
        "@.Id = ANY (SELECT Charge FROM {Dispute} WHERE Status = 'lost')",
        "@.Amount > (SELECT max(Amount) FROM {Refund} x WHERE x.Charge = @.Id)",
      ),
    ],
    joins: [
      parent("Customer", "Customer"),
      parent("PaymentIntent", "PaymentIntent"),
      parent("BalanceTransaction", "BalanceTransaction"),
      child("Dispute", "Charge"),
      child("Refund", "Charge"),
    ],
  },
  PaymentIntent: {
    columns: ["Amount", "Status", "Customer", "Currency"],
    groups: ["Status", "Currency", "Customer"],
    number: "Amount",
    conditions: [
      ...ofCustomers,
      (a, { paymentIntents }, random) => `${a}.Id IN (${several(random, paymentIntents)})`,
      ...literals(
        "@.Status = 'succeeded'",
        "@.Status IN ('processing', 'canceled')",
        "@.Status <> 'succeeded'",
        "@.Amount BETWEEN 1000 AND 5000",
        "@.Currency = 'eur'",
        "@.Metadata->>'order_id' IS NOT NULL",
        "NOT EXISTS (SELECT 1 FROM {Charge} x WHERE x.PaymentIntent = @.Id AND x.Paid)",
      ),
    ],
    joins: [parent("Customer", "Customer"), parent("Charge", "LatestCharge"), child("Refund", "PaymentIntent")],
  },
  Refund: {
    columns: ["Amount", "Reason", "Charge", "Status"],
    groups: ["Reason", "Currency", "Status"],
    number: "Amount",
    conditions: [
      (a, { charges }, random) => `${a}.Charge = ${one(random, charges)}`,
      ...literals(
        "@.Reason = 'fraudulent'",
        "@.Reason IS NULL",
        "@.Amount < 2000",
        "@.Charge IN (SELECT Id FROM {Charge} WHERE Status = 'succeeded' AND Amount > 4000)",
        "@.PaymentIntent IN (SELECT Id FROM {PaymentIntent} WHERE Currency = 'usd')",
      ),
    ],
    joins: [
      parent("Charge", "Charge"),
      parent("PaymentIntent", "PaymentIntent"),
      parent("BalanceTransaction", "BalanceTransaction"),
    ],
  },
  Dispute: {
    columns: ["Amount", "Status", "Charge", "Reason"],
    groups: ["Status", "Reason", "Currency"],
    number: "Amount",
    conditions: [
      (a, { charges }, random) => `${a}.Charge = ${one(random, charges)}`,
      ...literals(
        "@.Status = 'lost'",
        "@.Reason = 'fraudulent'",
        "@.Status NOT IN ('won', 'lost')",
        "@.Charge IN (SELECT Id FROM {Charge} WHERE Amount > 5000)",
        "EXISTS (SELECT 1 FROM {Charge} x JOIN {Customer} y ON y.Id = x.Customer WHERE x.Id = @.Charge AND y.Email LIKE 'customer1%')",
      ),
    ],
    joins: [parent("Charge", "Charge"), parent("PaymentIntent", "PaymentIntent")],
  },
  BalanceTransaction: {
    columns: ["Net", "Type", "Source", "Currency"],
    groups: ["Type", "Currency", "ReportingCategory"],
    number: "Net",
    conditions: [
      (a, { balanceTransactions }, random) => `${a}.Id IN (${several(random, balanceTransactions)})`,
      (a, { charges }, random) => `${a}.Source = ${one(random, charges)}`,
      ...literals(
        "@.Type = 'refund'",
        "@.Type IN ('payout', 'adjustment')",
        "@.Currency = 'eur'",
        "@.Net < 0",
        "@.Source IN (SELECT Id FROM {Refund} WHERE Reason = 'duplicate')",
        "@.Id IN (SELECT BalanceTransaction FROM {Charge} WHERE Disputed)",
      ),
    ],
    joins: [parent("Charge", "Source"), child("Charge", "BalanceTransaction"), child("Refund", "BalanceTransaction")],
  },
  Invoice: {
    columns: ["Total", "Status", "Customer", "CollectionMethod"],
    groups: ["Status", "Currency", "Customer", "BillingReason"],
    number: "Total",
    conditions: [
      ...ofCustomers,
      (a, { invoices }, random) => `${a}.Id = ${one(random, invoices)}`,
      (a, { subscriptions }, random) => `${a}.Subscription = ${one(random, subscriptions)}`,
      ...literals(
        "@.Status = 'open'",
        "@.Status IN ('draft', 'open')",
        "@.Status <> 'paid'",
        "@.CollectionMethod <> 'send_invoice'",
        "@.CollectionMethod = 'send_invoice'",
        "@.DueDate >= '2026-03-01'",
        "@.Total > 5000",
        "EXISTS (SELECT 1 FROM {InvoiceLineItem} x WHERE x.Invoice = @.Id AND x.Amount < 0)",
        "@.Subscription IN (SELECT Id FROM {Subscription} WHERE Status = 'canceled')",
      ),
    ],
    joins: [
      parent("Customer", "Customer"),
      parent("Subscription", "Subscription"),
      child("InvoiceLineItem", "Invoice"),
      child("Subscription", "LatestInvoice"),
    ],
  },
  InvoiceLineItem: {
    columns: ["Amount", "Invoice", "Quantity", "Currency"],
    groups: ["Invoice", "Currency", "Quantity"],
    number: "Amount",
    isTimeless: true,
    conditions: [
      (a, { invoices }, random) => `${a}.Invoice = ${one(random, invoices)}`,
      (a, { invoices }, random) => `${a}.Invoice IN (${several(random, invoices)})`,
      ...literals(
        "@.Amount > 5000",
        "@.Invoice IN (SELECT Id FROM {Invoice} WHERE Status = 'open')",
        "EXISTS (SELECT 1 FROM {Invoice} x WHERE x.Id = @.Invoice AND x.Created >= '2026-09-01')",
      ),
    ],
    joins: [parent("Invoice", "Invoice"), parent("Subscription", "Subscription")],
  },
  Subscription: {
    columns: ["Status", "Customer", "CancelAtPeriodEnd", "LatestInvoice"],
    groups: ["Status", "Currency", "Customer", "CollectionMethod"],
    number: "epoch(@.BillingCycleAnchor)::BIGINT",
    conditions: [
      ...ofCustomers,
      ...literals(
        "@.Status = 'active'",
        "@.Status = 'canceled'",
        "@.CancelAtPeriodEnd",
        "@.Status NOT IN ('active')",
        "@.Status IN ('past_due', 'unpaid')",
        "@.Metadata->>'campaign' = 'spring'",
        "@.CollectionMethod = 'charge_automatically'",
        "EXISTS (SELECT 1 FROM {SubscriptionItem} x WHERE x.Subscription = @.Id AND x.Quantity > 1)",
        "@.Customer NOT IN (SELECT Customer FROM {Dispute} d JOIN {Charge} h ON h.Id = d.Charge WHERE Customer IS NOT NULL)",
      ),
    ],
    joins: [
      parent("Customer", "Customer"),
      parent("Invoice", "LatestInvoice"),
      child("SubscriptionItem", "Subscription"),
      child("Invoice", "Subscription"),
    ],
  },
  SubscriptionItem: {
    columns: ["Subscription", "Price", "Quantity"],
    groups: ["Subscription", "Price", "Quantity"],
    number: "Quantity",
    conditions: [
      (a, { subscriptions }, random) => `${a}.Subscription = ${one(random, subscriptions)}`,
      (a, { subscriptions }, random) => `${a}.Subscription IN (${several(random, subscriptions)})`,
      ...literals(
        "@.Quantity > 1",
        "@.Subscription IN (SELECT Id FROM {Subscription} WHERE Status = 'trialing')",
        "@.Price IN (SELECT Id FROM {Price} WHERE RecurringInterval = 'year')",
      ),
    ],
    joins: [parent("Subscription", "Subscription"), parent("Price", "Price")],
  },
  PaymentMethod: {
    columns: ["Type", "CardBrand", "CardLast4", "Customer"],
    groups: ["CardBrand", "CardFunding", "Customer"],
    number: "CardExpMonth",
    conditions: [
      ...ofCustomers,
      ...literals("@.Type = 'card'", "@.CardBrand = 'visa'", "@.CardBrand <> 'amex'", "@.Customer IS NOT NULL"),
    ],
    joins: [parent("Customer", "Customer"), sibling("Charge", "Customer")],
  },
  Product: {
    columns: ["Name", "Active"],
    groups: ["Active", "Type"],
    number: "length(@.Name)",
    conditions: [
      (a, { products }, random) => `${a}.Id IN (${several(random, products)})`,
      ...literals(
        "@.Active",
        "NOT @.Active",
        "@.Metadata->>'line' = 'goods'",
        "@.Name LIKE '%plan%'",
        "EXISTS (SELECT 1 FROM {Price} x WHERE x.Product = @.Id AND x.Currency = 'eur')",
      ),
    ],
    joins: [child("Price", "Product"), parent("Price", "DefaultPrice")],
  },
  Price: {
    columns: ["UnitAmount", "Currency", "Product", "Active"],
    groups: ["Currency", "Type", "Product", "RecurringInterval"],
    number: "UnitAmount",
    conditions: [
      (a, { products }, random) => `${a}.Product = ${one(random, products)}`,
      (a, { prices }, random) => `${a}.Id IN (${several(random, prices)})`,
      ...literals(
        "@.Active",
        "NOT @.Active",
        "@.Active <> false",
        "@.Currency = 'usd'",
        "@.Type = 'recurring'",
        "@.RecurringInterval = 'year'",
        "@.Product IN (SELECT Id FROM {Product} WHERE NOT Active)",
      ),
    ],
    joins: [parent("Product", "Product"), child("SubscriptionItem", "Price")],
  },
};

/** A condition on the table that stands under this alias. */
export function drawCondition({ random, facts }, table, alias) {
  const { conditions, isTimeless } = statementTables[table];
  const kinds = [
    conditions,
    conditions,
    ...(isTimeless ? [] : [createdConditions]),
    ...(random.chance(0.2) ? [anywhere] : []),
  ];
  return random.of(random.of(kinds))(alias, facts, random);
}
