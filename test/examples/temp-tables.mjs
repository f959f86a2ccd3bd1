// Reads the invoices of a quarter once, and asks them several things without a further request.
//   node temp-tables.mjs [CONNECTION]
import { connect } from "stripe-sql";

const connection = await connect(process.argv[2]);

const { requests } = await connection.query(`
  CREATE TEMP TABLE billed AS
  SELECT Id, Customer, CustomerName AS Name, Status, Currency, Total, AmountRemaining, Created
  FROM Invoice WHERE Created >= '2026-08-01' AND Created < '2026-11-01'`);
console.log("Reading took requests:", requests > 0);

await show("By status", "SELECT Status, count(*) AS Invoices FROM billed GROUP BY Status ORDER BY Invoices DESC");
await show(
  "Largest",
  "SELECT Name, money(Total, Currency) AS Total, Currency FROM billed ORDER BY billed.Total DESC, Id LIMIT 3",
);
await show(
  "Owed",
  "SELECT Currency, money(sum(AmountRemaining), Currency) AS Owed FROM billed WHERE Status = 'open' GROUP BY Currency ORDER BY Currency",
);

await connection.close();

async function show(title, sql) {
  const { rows, requests } = await connection.query(sql);
  console.log(`${title} (${requests} requests)`);
  for (const row of rows) console.log(`  ${Object.values(row).join("  ")}`);
}
