import type { ResultSummary, RowStream } from "../driver/api.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { writeLines } from "./report-error.js";
import type { ResultTarget } from "./result-target.js";
import { commandTag, failureLines, noticeLines } from "./summary-lines.js";

/**
 * Runs one statement to its end: rows to the target, notices and the failures of single objects to `errors`.
 * A statement that fails whole throws. The answer's `error` tells of one that failed in part. What a write did is told
 * even where its rows find no place.
 */
export async function runStatement(
  statement: { readonly text: string; readonly rows: RowStream },
  target: ResultTarget,
  errors: NodeJS.WritableStream,
): Promise<ResultSummary> {
  try {
    await target.put(statement.rows);
    const summary = await statement.rows.summary();
    const tag = commandTag(summary);
    if (tag !== undefined && !(await target.remark(tag))) writeLines(errors, [tag]);
    await target.flush();
    writeLines(errors, noticeLines(target.notes?.() ?? []));
    writeLines(errors, asideLines(summary, statement.text));
    return summary;
  } catch (error) {
    if (!(error instanceof StripeSqlError)) await tellWritten(statement, errors);
    throw error;
  }
}

const asideLines = (summary: ResultSummary, text: string): readonly string[] => [
  ...noticeLines(summary.notices),
  ...failureLines(summary, text),
];

/** The output failed, not the statement. */
async function tellWritten(
  { text, rows }: { readonly text: string; readonly rows: RowStream },
  errors: NodeJS.WritableStream,
): Promise<void> {
  const summary = await rows.summary();
  const tag = commandTag(summary);
  if (tag !== undefined) writeLines(errors, [tag, ...asideLines(summary, text)]);
}
