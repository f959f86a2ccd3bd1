import { answerOf, describeDifference, isSameAnswer } from "./compared-answers.mjs";
import { renderStatement, renderWhole } from "./rendered-statement.mjs";

/** What a plan expects follows from what was read before it, and a time in it from the clock. */
const expectations = new Set(["requests", "requestsExact", "requestsBasis", "seconds", "fromKeys", "created"]);

/**
 * Runs a statement by every mode of planning while nobody changes anything, now and then twice at once on a connection,
 * so that the two share what they ask for.
 *
 * @returns `differences` as texts, whether it was `refused` by all, and as `tallies` the modes that plan it otherwise or
 *   that take more or fewer requests for it.
 */
export async function compareQuietly({ modes, random }, statement) {
  const sql = renderStatement(statement);
  const truth = await answerOf(modes.truth, renderWhole(statement), statement);
  const usualPlan = await planOf(modes.usual, sql);
  const usual = await answerTwice(modes.usual, { sql, random }, statement);
  const differences = differenceOf("the usual plan", { truth, found: usual }, statement);
  const tallies = [];
  for (const [mode, connection] of modes.others) {
    if ((await planOf(connection, sql)) !== usualPlan) tallies.push(`planned otherwise: ${mode}`);
    const found = await answerTwice(connection, { sql, random }, statement);
    differences.push(...differenceOf(mode, { truth, found }, statement));
    if (found.requests > usual.requests) tallies.push(`with more requests: ${mode}`);
    if (found.requests < usual.requests) tallies.push(`with fewer requests: ${mode}`);
  }
  return { differences, refused: truth.error, tallies };
}

const differenceOf = (mode, { truth, found }, statement) =>
  isSameAnswer(truth, found, statement) ? [] : [`${mode}: ${describeDifference(truth, found)}`];

/** Both answers are the same, or the one that is another answer than the first. */
async function answerTwice(connection, { sql, random }, statement) {
  const first = answerOf(connection, sql, statement);
  if (!random.chance(0.1) || statement.anyRows !== undefined) return first;
  const [one, other] = await Promise.all([first, answerOf(connection, sql, statement)]);
  if (!isSameAnswer(one, other)) throw new Error(`two at once parted: ${describeDifference(one, other)}`);
  return one;
}

async function planOf(connection, sql) {
  try {
    const { rows } = await connection.query(`EXPLAIN (FORMAT JSON) ${sql}`);
    return JSON.stringify(rows, (key, value) => (expectations.has(key) ? undefined : value));
  } catch (error) {
    return error.message;
  }
}
