// Streams the charges of a month into a CSV file; no more than a page of them is in memory.
//   node stream-to-csv.mjs charges.csv [CONNECTION]
import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { connect } from "stripe-sql";

const [file = "charges.csv", where] = process.argv.slice(2);
const connection = await connect(where);
const charges = connection.stream(
  "SELECT Id, Created, Amount, Currency, Status, Description FROM Charge WHERE Created >= ? AND Created < ?",
  [new Date("2026-10-01"), new Date("2026-11-01")],
);

async function* lines() {
  yield lineOf((await charges.columns()).map(({ name }) => name));
  for await (const row of charges.texts("iso")) yield lineOf(row);
}

function lineOf(cells) {
  const quoted = cells.map((cell) => (/[",\r\n]/.test(cell ?? "") ? `"${cell.replaceAll('"', '""')}"` : cell));
  return `${quoted.join(",")}\r\n`;
}

try {
  await pipeline(lines, createWriteStream(file));
  const { rowCount, requests } = await charges.summary();
  console.log(`${rowCount} charges in ${requests} requests`);
} finally {
  await connection.close();
}
