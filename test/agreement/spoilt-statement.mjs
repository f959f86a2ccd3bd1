import { addFaults } from "../faults/random-faults.mjs";
import { answerOf, describeDifference, isSameAnswer } from "./compared-answers.mjs";
import { renderStatement, renderWhole } from "./rendered-statement.mjs";

/**
 * Codes that a spoilt answer may end a statement in: the connection, an answer, a time or a budget of tries that ran out,
 * and a cursor that was another list's.
 */
const expectedStates = new Set(["08006", "58030", "57014", "53400", "22023"]);

const tooMany = {
  kind: "status",
  status: 429,
  // Nearly at once, so that thousands of statements end today.
  headers: { "Retry-After": "0.002" },
  body: { error: { type: "invalid_request_error", code: "rate_limit", message: "Too many requests" } },
};

/**
 * Runs a statement as usual and by one other mode while some of its answers are spoilt. By `limits`, they are 429s that
 * end after a try or two, and the answer must come all the same; by `faults`, whatever random-faults.mjs knows of, and it
 * comes or an error that tells of it does, never another answer.
 */
export async function compareUnderFaults({ sandbox, modes, random }, statement, kind) {
  const sql = renderStatement(statement);
  const truth = await answerOf(modes.truth, renderWhole(statement), statement);
  const differences = [];
  const tallies = [];
  for (const [mode, connection] of [["the usual plan", modes.usual], random.of(modes.others)]) {
    const story = [];
    if (kind === "limits") addLimits({ sandbox, random, story });
    else addFaults({ world: { sandbox }, random, story }, { kind: "scan", method: "GET" });
    const found = await answerOf(connection, sql, statement);
    sandbox.faults.clear();
    const isSame = isSameAnswer(truth, found, statement);
    const isTold = kind === "faults" && truth.error === undefined && expectedStates.has(found.error?.sqlState);
    tallies.push(isSame ? `the same: ${mode}` : `ended in ${found.error?.sqlState}: ${mode}`);
    if (!isSame && !isTold)
      differences.push(`${mode}: ${describeDifference(truth, found)}\n    ${story.join("\n    ")}`);
  }
  return { differences, refused: truth.error, tallies };
}

function addLimits({ sandbox, random, story }) {
  for (let left = 1 + random.below(3); left > 0; left -= 1) {
    const limit = { method: "GET", after: random.below(4), times: 1 };
    story.push(`429 after ${limit.after}`);
    sandbox.faults.add({ ...limit, effect: tooMany });
  }
}
