/** Reads of few tables, some of which hold the rows of others, with braces as in rendered-statement.mjs. */
export const narrowedReads = [
  () => "SELECT Id, Email, Balance FROM {Customer}",
  (_, random) => `SELECT Id, Name FROM {Customer} WHERE Created >= '2026-0${1 + random.below(9)}-01'`,
  ({ emails }, random) => `SELECT Id, Name FROM {Customer} WHERE Email = '${random.of(emails)}'`,
  ({ customers }, random) => `SELECT * FROM {Customer} WHERE Id = '${random.of(customers)}'`,
  () => "SELECT Id, Status, Amount, Refunded FROM {Charge}",
  ({ customers }, random) => `SELECT Id, Amount FROM {Charge} WHERE Customer = '${random.of(customers)}'`,
  () => "SELECT Id, Status, ClientSecret IS NULL FROM {PaymentIntent} WHERE Status = 'succeeded'",
  () => "SELECT Id, Status FROM {PaymentIntent}",
  () => "SELECT Id, Status, Total FROM {Invoice}",
  (_, random) => `SELECT Id, Customer FROM {Invoice} WHERE Status = '${random.of(["open", "draft", "paid", "void"])}'`,
  () => "SELECT Id, Status, Customer FROM {Subscription}",
  (_, random) => `SELECT Id FROM {Subscription} WHERE Status = '${random.of(["active", "canceled", "past_due"])}'`,
  () => "SELECT p.Name, r.UnitAmount FROM {Product} p JOIN {Price} r ON r.Product = p.Id",
  () => "SELECT Id, Active FROM {Product} WHERE Active",
  () => "SELECT Type, count(*), sum(Net) FROM {BalanceTransaction} GROUP BY Type",
  () => "SELECT Id, Amount, Charge FROM {Refund}",
  () => "SELECT Customer, count(*) FROM {PaymentMethod} WHERE Customer IS NOT NULL GROUP BY Customer",
];

/** What touches tables beside its own, and what has rows enter and leave lists. */
export const changes = [
  ({ customers }, random) =>
    `UPDATE Customer SET Name = 'Renamed ${random.below(99)}' WHERE Id = '${random.of(customers)}'`,
  ({ customers, emails }, random) =>
    `UPDATE Customer SET Email = '${random.of(emails)}', Balance = ${-random.below(900)} WHERE Id = '${random.of(customers)}'`,
  ({ emails }, random) => `INSERT INTO Customer (Email, Name) VALUES ('${random.of(emails)}', 'Added')`,
  ({ customers }, random) => `DELETE FROM Customer WHERE Id = '${random.of(customers)}'`,
  ({ charges }, random) =>
    `INSERT INTO Refund (Charge, Amount) VALUES ('${random.of(charges)}', ${1 + random.below(50)})`,
  ({ subscriptions }, random) => `EXEC CancelSubscription SubscriptionId = '${random.of(subscriptions)}'`,
  ({ invoices }, random) => `EXEC PayInvoice InvoiceId = '${random.of(invoices)}'`,
  ({ invoices }, random) => `EXEC VoidInvoice InvoiceId = '${random.of(invoices)}'`,
  ({ products }, random) => `UPDATE Product SET Active = ${random.chance(0.5)} WHERE Id = '${random.of(products)}'`,
  ({ products }, random) =>
    `INSERT INTO Price (Product, Currency, UnitAmount) VALUES ('${random.of(products)}', 'usd', ${random.below(5000)})`,
  ({ customers }, random) =>
    `INSERT INTO PaymentIntent (Amount, Currency, Customer) VALUES (${100 + random.below(900)}, 'usd', '${random.of(customers)}')`,
  () => "UPDATE Customer SET Description = 'owes' WHERE Delinquent",
];
