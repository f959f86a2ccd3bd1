// Whom to remind of what they owe: a line of JSON for each customer, for whatever sends the mails.
//   node reminders.mjs [CONNECTION]
import { connect } from "stripe-sql";

const connection = await connect(process.argv[2]);
const overdue = connection.stream(`
  SELECT c.Email AS email, c.Name AS name, a.currency, count(*) AS invoices,
    money(sum(a.amount), a.currency) AS owed, max(a.days_past_due) AS days
  FROM metrics.invoice_ageing a JOIN Customer c ON c.Id = a.customer
  WHERE a.days_past_due > 30
  GROUP BY c.Email, c.Name, a.currency
  ORDER BY days DESC, email`);
for await (const row of overdue) console.log(JSON.stringify(row));
await connection.close();
