// What a statement would take, told before it is sent; and bounds that hold where nothing can be told.
//   node cost-limits.mjs [CONNECTION]
import { connect, SqlState, StripeSqlError } from "stripe-sql";

const connection = await connect(process.argv[2], { maxRequests: 3 });

await explain("SELECT Email FROM Customer WHERE Id IN ('cus_1', 'cus_2')");
await explain("SELECT sum(Amount) FROM Charge WHERE Created >= '2026-10-01'");
await run("SELECT Name FROM Customer LIMIT 5");
await run("SELECT sum(Amount) FROM Charge");

await connection.close();

/** `requests` is null where too little was seen of a table yet; `requestsExact` says whether another number is possible. */
async function explain(sql) {
  const { rows } = await connection.query(`EXPLAIN (FORMAT JSON) ${sql}`);
  const { requests, requestsExact } = rows[0]["QUERY PLAN"];
  console.log(`${sql}: ${requests === null ? "unknown" : `${requestsExact ? "" : "about "}${requests}`}`);
}

/** For a minute at most: what takes longer is stopped at its next page. */
async function run(sql) {
  try {
    const { rowCount, requests } = await connection.query(sql, [], { signal: AbortSignal.timeout(60_000) });
    console.log(`${sql}: ${rowCount} rows in ${requests} requests`);
  } catch (error) {
    if (!(error instanceof StripeSqlError)) throw error;
    if (error.sqlState === SqlState.configurationLimitExceeded) console.log(`${sql}: more than 3 requests`);
    else if (error.sqlState === SqlState.queryCanceled) console.log(`${sql}: too slow`);
    else throw error;
  }
}
