import { answerOf, describeDifference, isSameAnswer } from "./compared-answers.mjs";
import { renderStatement, renderWhole } from "./rendered-statement.mjs";

/**
 * Runs a statement by every mode of planning while nobody changes anything, now and then twice at once on a connection,
 * so that the two share what they ask for.
 *
 * @returns `differences` as texts, whether it was `refused` by all, and as `tallies` the modes that take more or fewer
 *   requests for it.
 */
export async function compareQuietly({ modes, random }, statement) {
  const sql = renderStatement(statement);
  const truth = await answerOf(modes.truth, renderWhole(statement), statement);
  const usual = await answerTwice(modes.usual, { sql, random }, statement);
  const differences = differenceOf("the usual plan", { truth, found: usual }, statement);
  const tallies = [];
  for (const [mode, connection] of modes.others) {
    const found = await answerTwice(connection, { sql, random }, statement);
    differences.push(...differenceOf(mode, { truth, found }, statement));
    if (found.requests > usual.requests) tallies.push(`with more requests: ${mode}`);
    if (found.requests < usual.requests) tallies.push(`with fewer requests: ${mode}`);
  }
  return { differences, refused: truth.error, tallies };
}

const differenceOf = (mode, { truth, found }, statement) =>
  isSameAnswer(truth, found, statement) ? [] : [`${mode}: ${describeDifference(truth, found)}`];

/** Now and then the answer of two at once, which is none where they part. */
async function answerTwice(connection, { sql, random }, statement) {
  const first = answerOf(connection, sql, statement);
  if (!random.chance(0.1) || statement.anyRows !== undefined) return first;
  const [one, other] = await Promise.all([first, answerOf(connection, sql, statement)]);
  const isSame = isSameAnswer(one, other);
  return isSame ? one : { error: { sqlState: "two at once part", message: describeDifference(one, other) } };
}
