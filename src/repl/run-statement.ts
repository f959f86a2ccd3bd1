import type { ResultSummary, RowStream } from "../driver/api.js";
import { writeLines } from "./report-error.js";
import type { ResultTarget } from "./result-target.js";
import { commandTag, failureLines, noticeLines } from "./summary-lines.js";

/**
 * Runs one statement to its end: rows to the target, notices and the failures of single objects to `errors`.
 * A statement that fails whole throws. The answer's `error` tells of one that failed in part.
 */
export async function runStatement(
  statement: { readonly text: string; readonly rows: RowStream },
  target: ResultTarget,
  errors: NodeJS.WritableStream,
): Promise<ResultSummary> {
  await target.put(statement.rows);
  const summary = await statement.rows.summary();
  const tag = commandTag(summary);
  if (tag !== undefined && !(await target.remark(tag))) writeLines(errors, [tag]);
  await target.flush();
  writeLines(errors, [...noticeLines(summary.notices), ...failureLines(summary, statement.text)]);
  return summary;
}
