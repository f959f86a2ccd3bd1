// Makes a customer of each line of a CSV file. Run it again after whatever cut it off: it goes on where it was.
//   node bulk-insert.mjs customers.csv [CONNECTION]
import { connect } from "stripe-sql";

const [file = "customers.csv", where] = process.argv.slice(2);
const connection = await connect(where);

// On a live key, writes of two calls or more are to be confirmed. Ask whoever runs it, or set a bound as here.
const options = { confirmWrite: async ({ objects }) => objects <= 1000 };

try {
  const insert = `COPY Customer FROM '${file.replaceAll("'", "''")}'`;
  const unfinished = await connection.query(
    "SELECT Id FROM sys_writes WHERE State = 'unfinished' AND Command = 'COPY'",
  );
  if (unfinished.rows.length === 0) {
    const { error, write } = await connection.query(insert, [], options);
    report(write.calls.map(({ state }) => state));
    if (error !== undefined) throw error;
  }
  for (const { Id } of unfinished.rows) {
    const { rows } = await connection.query(`RESUME WRITE '${Id}'`, [], options);
    report(rows.map(({ State }) => State));
  }
} catch (error) {
  console.log(`Not done: ${error.message}`);
  process.exitCode = 1;
} finally {
  await connection.close();
}

/** "3 written, 1 failed" */
function report(states) {
  const kinds = [...new Set(states)];
  console.log(kinds.map((kind) => `${states.filter((state) => state === kind).length} ${kind}`).join(", "));
}
