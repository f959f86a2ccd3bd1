import { StripeSqlError } from "../../dist/index.js";

/**
 * What a statement answers, as texts that can be compared: its rows, in their order where that is the statement's own,
 * else sorted, and the requests that it took; or the error that it ends in.
 */
export async function answerOf(connection, sql, { isOrdered }) {
  try {
    const { rows, requests } = await connection.query(sql);
    const texts = rows.map((row) => JSON.stringify(Object.values(row), (_, value) => plain(value)));
    return { rows: isOrdered ? texts : texts.sort(), requests };
  } catch (error) {
    // Anything else is a fault of the test's own, or one that the driver let through.
    if (!(error instanceof StripeSqlError) || error.sqlState === "XX000") throw error;
    return { error };
  }
}

const plain = (value) => (typeof value === "bigint" ? String(value) : value);

/**
 * Whether an answer is the expected one; errors are by their code, as the engine words some of them otherwise. Of a
 * statement that takes any rows, all that there are are expected, and so many of them are found.
 */
export function isSameAnswer(expected, found, { anyRows } = {}) {
  if (expected.error !== undefined || found.error !== undefined)
    return expected.error?.sqlState === found.error?.sqlState;
  const { rows } = found;
  if (anyRows !== undefined)
    return rows.length === Math.min(anyRows, expected.rows.length) && without(rows, expected.rows).length === 0;
  return expected.rows.length === rows.length && expected.rows.every((row, index) => row === rows[index]);
}

/** Where two answers part, for a person. */
export function describeDifference(expected, found) {
  const lines = [`expected ${told(expected)}`, `found ${told(found)}`];
  if (expected.rows !== undefined && found.rows !== undefined) {
    const [missing, beyond] = [without(expected.rows, found.rows), without(found.rows, expected.rows)];
    lines.push(`missing ${missing.length}: ${missing.slice(0, 3).join(" ")}`);
    lines.push(`beyond ${beyond.length}: ${beyond.slice(0, 3).join(" ")}`);
  }
  return lines.join("\n    ");
}

const told = ({ rows, error }) =>
  error === undefined ? `${rows.length} rows` : `${error.sqlState} ${error.message} ${error.detail ?? ""}`;

function without(rows, others) {
  const left = new Map();
  for (const row of others) left.set(row, (left.get(row) ?? 0) + 1);
  return rows.filter((row) => {
    const count = left.get(row) ?? 0;
    left.set(row, count - 1);
    return count <= 0;
  });
}
