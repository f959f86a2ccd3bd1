/** Values of a sandbox's rows that generated conditions are made of: a few of each, and not only the newest. */
export async function readStatementFacts(connection) {
  const column = async (sql) => {
    const { rows } = await connection.query(sql);
    return rows.map((row) => {
      const [value] = Object.values(row);
      return value instanceof Date ? value.toISOString() : String(value);
    });
  };
  const some = (table, select = "Id", where = "TRUE") =>
    column(`SELECT ${select} FROM ${table} WHERE ${where} USING SAMPLE reservoir(6 ROWS) REPEATABLE (4)`);
  return {
    emails: await some("Customer", "Email"),
    customers: await some("Charge", "Customer", "Customer IS NOT NULL"),
    charges: [...(await column("SELECT Charge FROM Dispute LIMIT 2")), ...(await some("Charge"))],
    paymentIntents: await some("Charge", "PaymentIntent", "PaymentIntent IS NOT NULL"),
    balanceTransactions: await some("BalanceTransaction"),
    invoices: await some("Invoice"),
    subscriptions: await some("Subscription"),
    products: await some("Product"),
    prices: await some("Price"),
    recurringPrices: await some("Price", "Id", "Active AND Type = 'recurring' AND Currency = 'usd'"),
    orders: await some("Customer", "Metadata->>'order_id'", "Metadata->>'order_id' IS NOT NULL"),
    times: await some("Charge", "Created"),
  };
}
