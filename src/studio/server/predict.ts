import type { Connection } from "../../driver/api.js";
import { parseScript } from "../../syntax/parse-script.js";
import type { Prediction } from "../messages.js";

/**
 * What the statements of a text would take together, by EXPLAIN of each: nothing is sent, and none of them runs. Fails as
 * the first would; what is wrong with a later one may be that one before it has not run.
 */
export async function predict(connection: Connection, sql: string): Promise<Prediction> {
  const [first, ...later] = parseScript(sql);
  if (first === undefined) return nothing;
  const predictions = [await predictStatement(connection, first)];
  for (const one of later) predictions.push(await predictStatement(connection, one).catch(() => unknown));
  return predictions.reduce(together);
}

const nothing: Prediction = { requests: 0, isExact: true, writes: false };
/** It may write, for all that is known. */
const unknown: Prediction = { requests: undefined, isExact: false, writes: true };

function together(one: Prediction, other: Prediction): Prediction {
  const isKnown = one.requests !== undefined && other.requests !== undefined;
  return {
    requests: isKnown ? (one.requests ?? 0) + (other.requests ?? 0) : undefined,
    isExact: one.isExact && other.isExact,
    writes: one.writes || other.writes,
  };
}

type Parsed = ReturnType<typeof parseScript>[number];

/** What changes nothing, neither at Stripe nor in the session that all statements of the page share. */
const readingKinds: ReadonlySet<Parsed["kind"]> = new Set(["select", "show", "describe", "show-setting"]);

/** The text is of one statement: of several, all but the first would run. */
async function predictStatement(connection: Connection, { kind, text }: Parsed): Promise<Prediction> {
  const { rows } = await connection.query(`EXPLAIN (FORMAT JSON) ${text}`);
  const plan = rows[0]?.["QUERY PLAN"];
  const writes = !readingKinds.has(kind);
  // What sends nothing, such as SHOW TABLES, has a sentence for a plan.
  if (typeof plan !== "object" || plan === null) return { ...nothing, writes };
  const { requests, requestsExact } = plan as { readonly [key: string]: unknown };
  return {
    requests: typeof requests === "number" ? requests : undefined,
    isExact: requestsExact === true,
    writes,
  };
}
