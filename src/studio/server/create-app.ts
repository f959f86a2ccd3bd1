import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply } from "fastify";
import Fastify from "fastify";
import { z } from "zod";
import type { Connection } from "../../driver/api.js";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { DashboardFiles } from "../dashboards/dashboard-files.js";
import { addCharts } from "./chart-routes.js";
import { addDashboards } from "./dashboard-routes.js";
import { guardRequests } from "./guard.js";
import { contentPolicy, pageDocument, readPageFile } from "./page-files.js";
import { predict } from "./predict.js";
import { addResults } from "./result-routes.js";
import type { Results } from "./results.js";
import { Run } from "./run.js";
import { readColumns, readInputs, readSchema } from "./schema.js";
import { studioError } from "./studio-error.js";
import type { StudioQueries } from "./studio-queries.js";

export interface StudioParts {
  readonly connection: Connection;
  readonly isReadOnly: boolean;
  readonly token: string;
  /** The addresses that the page may be under, "127.0.0.1:4711". */
  readonly hosts: () => readonly string[];
  readonly results: Results;
  readonly queries: StudioQueries;
  readonly dashboards: DashboardFiles;
}

const sqlBody = z.object({ sql: z.string() });
const completeBody = z.object({ text: z.string(), cursor: z.int().min(0) });
const confirmBody = z.object({ confirmed: z.boolean() });
const named = z.object({ name: z.string() });
const identified = z.object({ id: z.string() });
const tableQuery = z.object({ schema: z.string(), table: z.string() });

/** The studio's server, not listening yet. */
export function createApp(parts: StudioParts): FastifyInstance {
  const app = Fastify({ bodyLimit: 4 * 1024 * 1024, forceCloseConnections: true });
  app.addHook("onRequest", guardRequests(parts.token, parts.hosts));
  app.addHook("onSend", async (_request, reply) => {
    reply.headers({
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    });
  });
  app.setErrorHandler((error, _request, reply) => {
    const status = statusOf(error);
    return reply.code(status).send(status < 500 ? { message: messageOf(error) } : studioError(error));
  });
  addPage(app);
  addRuns(app, parts);
  addResults(app, parts.results);
  addCharts(app, parts.results);
  addSchema(app, parts);
  addQueries(app, parts);
  addDashboards(app, parts.dashboards, parts.queries);
  return app;
}

const statuses: ReadonlyMap<string, number> = new Map([
  [SqlState.undefinedObject, 404],
  [SqlState.objectNotInPrerequisiteState, 409],
  [SqlState.internalError, 500],
]);

function statusOf(error: unknown): number {
  if (error instanceof z.ZodError || error instanceof RangeError) return 400;
  if (error instanceof StripeSqlError) return statuses.get(error.sqlState) ?? 400;
  return (error as { readonly statusCode?: number }).statusCode ?? 500;
}

function messageOf(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  return error instanceof Error ? error.message : String(error);
}

function addPage(app: FastifyInstance): void {
  app.get("/", async (_request, reply) => {
    const nonce = randomBytes(16).toString("base64");
    return reply.type("text/html").header("content-security-policy", contentPolicy(nonce)).send(pageDocument(nonce));
  });
  app.get("/page.js", async (_request, reply) => reply.type("text/javascript").send(await readPageFile("page.js")));
  app.get("/page.css", async (_request, reply) => reply.type("text/css").send(await readPageFile("page.css")));
}

function addRuns(app: FastifyInstance, { connection, results }: StudioParts): void {
  const runs = new Map<string, Run>();
  app.post("/api/runs/:id", async (request, reply) => {
    const { id } = identified.parse(request.params);
    const { sql } = sqlBody.parse(request.body);
    const run = new Run(connection, results);
    runs.set(id, run);
    const lines = Readable.from(linesOf(run.events(sql)));
    lines.once("close", () => {
      run.cancel();
      runs.delete(id);
    });
    return reply.type("application/x-ndjson").send(lines);
  });
  app.delete("/api/runs/:id", async (request) => {
    runs.get(identified.parse(request.params).id)?.cancel();
    return {};
  });
  app.post("/api/runs/:id/confirm", async (request) => {
    runs.get(identified.parse(request.params).id)?.confirm(confirmBody.parse(request.body).confirmed);
    return {};
  });
}

async function* linesOf(events: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const event of events) yield `${JSON.stringify(event)}\n`;
}

function addSchema(app: FastifyInstance, { connection, isReadOnly }: StudioParts): void {
  app.get("/api/schema", async () => ({ ...(await readSchema(connection)), isReadOnly }));
  app.get("/api/columns", async (request) => {
    const { schema, table } = tableQuery.parse(request.query);
    return readColumns(connection, schema, table);
  });
  app.get("/api/procedures/:name", async (request) => readInputs(connection, named.parse(request.params).name));
  app.post("/api/complete", async (request) => {
    const { text, cursor } = completeBody.parse(request.body);
    return connection.complete(text, cursor);
  });
  app.post("/api/predict", async (request) => {
    try {
      return await predict(connection, sqlBody.parse(request.body).sql);
    } catch (error) {
      return { error: studioError(error) };
    }
  });
}

function addQueries(app: FastifyInstance, { queries }: StudioParts): void {
  app.get("/api/queries", async () => queries.names());
  app.get("/api/queries/:name", async ({ params }, reply) =>
    orMistake(reply, async () => ({ sql: await queries.read(named.parse(params).name) })),
  );
  app.put("/api/queries/:name", async ({ params, body }, reply) => {
    const { sql } = sqlBody.parse(body);
    return orMistake(reply, async () => void (await queries.write(named.parse(params).name, sql)));
  });
  app.delete("/api/queries/:name", async ({ params }, reply) =>
    orMistake(reply, () => queries.remove(named.parse(params).name)),
  );
}

/** A name that is none, a folder that cannot be written: whoever asked is told. */
async function orMistake(reply: FastifyReply, action: () => Promise<unknown>): Promise<unknown> {
  try {
    return (await action()) ?? {};
  } catch (error) {
    return reply.code(400).send({ message: messageOf(error) });
  }
}
