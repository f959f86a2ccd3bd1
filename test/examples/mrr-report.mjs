// The month's MRR and how it came about, as Markdown: for a mail, a wiki or a chat, without a dashboard.
//   node mrr-report.mjs 2026-10 [CONNECTION]
import { connect } from "stripe-sql";

const [month = new Date().toISOString().slice(0, 7), where] = process.argv.slice(2);
const connection = await connect(where);
const { rows, requests } = await connection.query(
  `SELECT currency, ${amounts("starting", "new", "reactivation", "expansion", "contraction", "churned", "ending")},
     ending_subscribers AS subscribers
   FROM metrics.mrr_movements WHERE month = CAST(? || '-01' AS DATE) ORDER BY currency`,
  [month],
);
await connection.close();

console.log(`# MRR of ${month}\n`);
for (const { currency, subscribers, ...movements } of rows) {
  console.log(`## ${currency.toUpperCase()}: ${subscribers} subscribers\n`);
  console.log("| | amount |\n|---|---:|");
  for (const [name, amount] of Object.entries(movements)) console.log(`| ${name} | ${amount} |`);
  console.log();
}
console.log(rows.length === 0 ? "No subscriptions in that month." : `Read in ${requests} requests.`);

/** Amounts are in minor units, as Stripe has them; money() gives them in the currency itself, exactly. */
function amounts(...names) {
  return names.map((name) => `money(${name}_mrr, currency) AS "${name}"`).join(", ");
}
