import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { outputFormats } from "../../output/output-format.js";
import type { ResultDescription } from "../messages.js";
import { exportName, exportResult, whatIsMissing } from "./export-result.js";
import type { KeptResult, Results } from "./results.js";

const mostRowsAtOnce = 1_000;
const identified = z.object({ id: z.string() });
const rowsQuery = z.object({
  from: z.coerce.number().int().min(0),
  count: z.coerce.number().int().min(1).max(mostRowsAtOnce),
});
const exportQuery = z.object({ format: z.enum(outputFormats), partial: z.stringbool().default(false) });

/** The rows of results that were run: those in sight, or all of them in a format. */
export function addResults(app: FastifyInstance, results: Results): void {
  const resultOf = (parameters: unknown): KeptResult => results.get(identified.parse(parameters).id);

  app.get("/api/results/:id/rows", async ({ params, query }) => {
    const { from, count } = rowsQuery.parse(query);
    return { from, rows: await resultOf(params).file.read(from, count) };
  });

  app.get("/api/results/:id", async ({ params }): Promise<ResultDescription> => {
    const result = resultOf(params);
    return { missing: whatIsMissing(result), notes: result.notes };
  });

  app.get("/api/results/:id/export", async ({ params, query }, reply) => {
    const { format, partial } = exportQuery.parse(query);
    const result = resultOf(params);
    const missing = whatIsMissing(result);
    const isWanted = partial && result.state.kind === "cut";
    if (missing !== undefined && !isWanted) throw refused(missing);
    if (result.columns.length === 0) throw refused("the statement gives no rows");
    const pieces = await exportResult(result, format);
    return reply
      .type("application/octet-stream")
      .header("content-disposition", `attachment; filename="${exportName(result, format)}"`)
      .send(Readable.from(pieces, { objectMode: false }));
  });
}

function refused(message: string): StripeSqlError {
  return new StripeSqlError(message, { sqlState: SqlState.objectNotInPrerequisiteState, phase: "execute" });
}
