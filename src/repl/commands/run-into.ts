import type { ResultSummary } from "../../driver/api.js";
import type { ResultTarget } from "../result-target.js";
import type { Shell } from "./shell.js";

/** Runs a statement into a target, which is whole once that has succeeded and else given up. Undefined where it failed. */
export async function runInto(
  target: ResultTarget,
  text: string,
  { session, variables }: Shell,
): Promise<ResultSummary | undefined> {
  const summary = await session.run(variables.interpolate(text), { target });
  if (summary === undefined) await target.discard();
  else await target.close();
  return summary;
}
