import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
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

/** What is asked of a result that is no longer kept, or of one that cannot give it. */
class ResultRefused extends Error {
  constructor(
    readonly statusCode: 404 | 409,
    message: string,
  ) {
    super(message);
  }
}

/** The rows of results that were run: those in sight, or all of them in a format. */
export function addResults(app: FastifyInstance, results: Results): void {
  const resultOf = (parameters: unknown): KeptResult => {
    const result = results.find(identified.parse(parameters).id);
    if (result === undefined) throw new ResultRefused(404, "this result is no longer kept: run it again");
    return result;
  };

  app.get("/api/results/:id/rows", async ({ params, query }) => {
    const { from, count } = rowsQuery.parse(query);
    return { from, rows: await resultOf(params).file.read(from, count) };
  });

  app.get("/api/results/:id", async ({ params }): Promise<ResultDescription> => {
    return { missing: whatIsMissing(resultOf(params)) };
  });

  app.get("/api/results/:id/export", async ({ params, query }, reply) => {
    const { format, partial } = exportQuery.parse(query);
    const result = resultOf(params);
    const missing = whatIsMissing(result);
    const isWanted = partial && result.state.kind === "cut";
    if (missing !== undefined && !isWanted) throw new ResultRefused(409, missing);
    if (result.columns.length === 0) throw new ResultRefused(409, "the statement gives no rows");
    const pieces = await exportResult(result, format);
    return reply
      .type("application/octet-stream")
      .header("content-disposition", `attachment; filename="${exportName(result, format)}"`)
      .send(Readable.from(pieces, { objectMode: false }));
  });
}
