import type { ChartRequest } from "../chart/chart-request.js";
import { describeChart } from "../chart/describe-chart.js";
import { drawPng } from "../chart/draw-png.js";
import { drawSvg } from "../chart/draw-svg.js";
import type { RowStream } from "../driver/api.js";

export interface PictureFile {
  readonly bytes: Uint8Array;
  readonly notes: readonly string[];
}

/** A picture of a result's chart. */
export async function pictureFile(
  rows: RowStream,
  { format, request }: { readonly format: "svg" | "png"; readonly request: ChartRequest },
): Promise<PictureFile> {
  const chart = await describeChart(request, await rows.columns(), rows.texts("sql"));
  const bytes = format === "png" ? await drawPng(chart) : Buffer.from(await drawSvg(chart));
  return { bytes, notes: chart.notes };
}
