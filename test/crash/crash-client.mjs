// One statement on the real driver, in a process that may be killed: it says when it begins, and how it ended.
//   node crash-client.mjs URL CACHE SHIFT-MS PARALLEL SQL
import { shiftClock } from "./shift-clock.mjs";

const [apiBase, cachePath, shift, parallel, sql] = process.argv.slice(2);
shiftClock(Number(shift));
const { connect, StripeSqlError } = await import("../../dist/index.js");

const parallelRequests = Number(parallel);
const connection = await connect({ apiBase, cachePath, apiKey: "sk_test_sandbox", timeout: 2, parallelRequests });
// What runs first opens the local engine: it is not to be counted.
await connection.query("SELECT n FROM range(1) AS numbers(n)");
process.send({ begun: true });
const told = await connection.query(sql).then(
  ({ command, rows, outcomes, notices, write }) => ({
    command,
    rows,
    notices,
    write,
    outcomes: outcomes.map(toldOutcome),
  }),
  (error) => ({
    error: error instanceof StripeSqlError ? toldError(error) : { message: String(error?.stack ?? error) },
  }),
);
await connection.close();
process.send({ told: JSON.parse(JSON.stringify(told)) }, () => process.disconnect());

function toldOutcome({ state, id, error }) {
  return { state, id, inDoubt: error?.stripe.inDoubt === true };
}

function toldError({ message, sqlState, detail, hint, stripe }) {
  return { message, sqlState, detail, hint, inDoubt: stripe.inDoubt === true };
}
