import pg from "pg";

/** What the statements read. */
const copiedTables = [
  ...["balance_transactions", "charges", "checkout_sessions", "coupons", "customers", "disputes", "events"],
  ...["invoice_items", "invoices", "payment_intents", "payouts", "prices", "products", "refunds", "subscriptions"],
];

/** A client at which a cell is the text that the server sent. */
export function textClient(address) {
  return new pg.Client({ ...address, types: { getTypeParser: () => (text) => text } });
}

/** Copies tables, as the gateway's client sees them, into a schema "stripe" of another server. */
export async function copyTables(gateway, postgres) {
  await postgres.query("CREATE SCHEMA stripe");
  for (const table of copiedTables) await copyTable(table, gateway, postgres);
}

async function copyTable(table, gateway, postgres) {
  const { fields, rows } = await gateway.query({ text: await wholeRows(table, gateway), rowMode: "array" });
  const types = fields.map(({ dataTypeID }) => dataTypeID);
  const { rows: names } = await postgres.query({
    text: "SELECT format_type(oid, NULL) FROM unnest($1::oid[]) WITH ORDINALITY AS given(oid, place) ORDER BY place",
    values: [types],
    rowMode: "array",
  });
  const columns = fields.map(({ name }, index) => `${pg.escapeIdentifier(name)} ${names[index]}`);
  await postgres.query(`CREATE TABLE stripe.${table} (${columns.join(", ")})`);
  // A statement binds 65,535 parameters at the most.
  const atOnce = Math.floor(60_000 / fields.length);
  for (let from = 0; from < rows.length; from += atOnce) {
    const some = rows.slice(from, from + atOnce);
    const places = some.map((_, row) => `(${fields.map((_, column) => `$${row * fields.length + column + 1}`)})`);
    await postgres.query(`INSERT INTO stripe.${table} VALUES ${places.join(", ")}`, some.flat());
  }
}

/** A star has the first lines of an invoice, a list of columns has all; what a star leaves NULL stays so in the copy. */
async function wholeRows(table, gateway) {
  if (table !== "invoices") return `SELECT * FROM ${table}`;
  const { fields } = await gateway.query(`SELECT * FROM ${table} LIMIT 0`);
  return `SELECT ${fields.map(({ name }) => pg.escapeIdentifier(name)).join(", ")} FROM ${table}`;
}
