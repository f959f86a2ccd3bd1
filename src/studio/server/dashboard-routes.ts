import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { DashboardFiles } from "../dashboards/dashboard-files.js";
import type { TileForm } from "../dashboards/dashboard-form.js";
import { readDashboard } from "../dashboards/read-dashboard.js";
import type { DashboardFile, DashboardTile, SavedDashboard } from "../messages.js";
import { studioError } from "./studio-error.js";
import type { StudioQueries } from "./studio-queries.js";

const named = z.object({ name: z.string() });
const dashboardBody = z.object({ text: z.string(), version: z.string().optional() });

/** Dashboards of the folder, each with the statements of its tiles. What is wrong with one is its answer. */
export function addDashboards(app: FastifyInstance, files: DashboardFiles, queries: StudioQueries): void {
  app.get("/api/dashboards", async () => files.names());

  app.get("/api/dashboards/:name", async ({ params }): Promise<DashboardFile> => {
    const { name } = named.parse(params);
    try {
      const { text, version } = await files.read(name);
      return { text, version, ...(await contentOf(text, files.fileName(name))) };
    } catch (error) {
      return { text: "", version: undefined, dashboard: undefined, error: studioError(error) };
    }
  });

  app.put("/api/dashboards/:name", async ({ params, body }): Promise<SavedDashboard> => {
    const { text, version } = dashboardBody.parse(body);
    try {
      return { version: await files.write(named.parse(params).name, text, version), error: undefined };
    } catch (error) {
      return { version: undefined, error: studioError(error) };
    }
  });

  async function contentOf(text: string, file: string): Promise<Pick<DashboardFile, "dashboard" | "error">> {
    try {
      const { title = file, columns, tiles } = await readDashboard(text, file);
      return { dashboard: { title, columns, tiles: await Promise.all(tiles.map(tileOf)) }, error: undefined };
    } catch (error) {
      return { dashboard: undefined, error: studioError(error) };
    }
  }

  async function tileOf({ title, query, sql, view, chart, width }: TileForm, index: number): Promise<DashboardTile> {
    const shown = { title: title ?? query ?? `Tile ${index + 1}`, view, chart: chart ?? {}, width };
    try {
      return { ...shown, sql: sql ?? (await queries.read(query ?? "")), problem: undefined };
    } catch (error) {
      return { ...shown, sql: undefined, problem: error instanceof Error ? error.message : String(error) };
    }
  }
}
