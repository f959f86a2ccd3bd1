import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { ChartRequest } from "../../chart/chart-request.js";
import { chartKinds } from "../../chart/chart-request.js";
import { drawPng } from "../../chart/draw-png.js";
import type { PictureOptions } from "../../chart/draw-svg.js";
import { drawSvg } from "../../chart/draw-svg.js";
import { descriptionOf } from "../../chart/vega-spec.js";
import type { ChartPicture } from "../messages.js";
import { chartOf, exportName, whatIsMissing } from "./export-result.js";
import type { Results } from "./results.js";
import { studioError } from "./studio-error.js";

const identified = z.object({ id: z.string() });
const chosen = z.string().optional();
const chartQuery = z.object({
  ...{ kind: z.enum(chartKinds).optional(), x: chosen, y: chosen, by: chosen },
  theme: z.enum(["light", "dark"]).default("light"),
  width: z.coerce.number().int().min(100).max(4_000).default(800),
  height: z.coerce.number().int().min(100).max(4_000).default(450),
});
type ChartQuery = z.infer<typeof chartQuery>;
const pictureQuery = chartQuery.extend({ format: z.enum(["svg", "png"]) });

/** Charts of results that were run: to be shown in the page, and as files. */
export function addCharts(app: FastifyInstance, results: Results): void {
  app.get("/api/results/:id/chart", async ({ params, query }): Promise<ChartPicture> => {
    const asked = chartQuery.parse(query);
    try {
      const result = results.get(identified.parse(params).id);
      const chart = await chartOf(result, requestOf(asked));
      const missing = whatIsMissing(result);
      const notes = [...chart.notes, ...(missing === undefined ? [] : [missing])];
      const svg = await drawSvg(chart, { ...sizeOf(asked), background: "transparent" });
      return { svg, description: descriptionOf(chart), notes, error: undefined };
    } catch (error) {
      return { svg: undefined, description: "", notes: [], error: studioError(error) };
    }
  });

  app.get("/api/results/:id/picture", async ({ params, query }, reply) => {
    const { format, ...asked } = pictureQuery.parse(query);
    const result = results.get(identified.parse(params).id);
    const chart = await chartOf(result, requestOf(asked));
    const picture = format === "svg" ? await drawSvg(chart, sizeOf(asked)) : await drawPng(chart, sizeOf(asked));
    return reply
      .type(format === "svg" ? "image/svg+xml" : "image/png")
      .header("content-disposition", `attachment; filename="${exportName(result, format)}"`)
      .send(typeof picture === "string" ? picture : Buffer.from(picture));
  });
}

function requestOf({ kind, x, y, by }: ChartQuery): ChartRequest {
  return { kind, x, y, by };
}

function sizeOf({ theme, width, height }: ChartQuery): PictureOptions {
  return { theme, width, height };
}
