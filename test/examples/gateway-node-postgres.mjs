// Reads by the gateway with node-postgres, as from any PostgreSQL. In another terminal:
//   stripe-sql serve --postgres 5433 --trust-loopback
//   node gateway-node-postgres.mjs [postgresql://analyst@127.0.0.1:5433/default]
import pg from "pg";

const client = new pg.Client(process.argv[2] ?? "postgresql://analyst@127.0.0.1:5433/default");
await client.connect();

// Names are Stripe's here, tables in the plural; the dialect is PostgreSQL's.
const { rows } = await client.query(
  `SELECT to_char(created, 'YYYY-MM') AS month, currency, count(*) AS invoices, sum(amount_paid) AS paid
   FROM invoices
   WHERE status = $1 AND created >= $2
   GROUP BY 1, 2 ORDER BY 1, 2`,
  ["paid", "2026-09-01"],
);
console.table(rows);

// No statement of this session may take more requests than that.
await client.query("SET stripe.max_requests = 1");
try {
  await client.query("SELECT count(*) FROM charges");
} catch (error) {
  console.log(`Refused: ${error.code}`);
}

await client.end();
