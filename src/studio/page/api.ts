import type { ChartRequest } from "../../chart/chart-request.js";
import type {
  ChartPicture,
  DashboardFile,
  Prediction,
  ProcedureInput,
  ResultDescription,
  RowWindow,
  RunEvent,
  SavedDashboard,
  SchemaColumn,
  StudioError,
  StudioSchema,
} from "../messages.js";

/** The token is behind the address's `#`; a page that is loaded anew by hand still has it. */
const token = location.hash.slice(1);

export interface CompletionAnswer {
  readonly from: number;
  readonly to: number;
  readonly candidates: readonly { readonly text: string; readonly kind: string; readonly detail?: string }[];
}

export interface ExportedFile {
  readonly name: string;
  readonly content: Blob;
}

async function send(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  const response = await fetch(path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (response.ok) return response;
  const { message = response.statusText } = await response.json().catch(() => ({}));
  throw new Error(message);
}

async function ask<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  return (await send(method, path, body)).json();
}

const encode = encodeURIComponent;

export const readSchema = () => ask<StudioSchema>("GET", "/api/schema");
export const readColumns = (schema: string, table: string) =>
  ask<readonly SchemaColumn[]>("GET", `/api/columns?schema=${encode(schema)}&table=${encode(table)}`);
export const readInputs = (procedure: string) =>
  ask<readonly ProcedureInput[]>("GET", `/api/procedures/${encode(procedure)}`);
export const readRows = (result: string, from: number, count: number) =>
  ask<RowWindow>("GET", `/api/results/${encode(result)}/rows?from=${from}&count=${count}`);
export const complete = (text: string, cursor: number) =>
  ask<CompletionAnswer>("POST", "/api/complete", { text, cursor });
export const predict = (sql: string) =>
  ask<Prediction | { readonly error: StudioError }>("POST", "/api/predict", { sql });
export const cancelRun = (run: string) => ask("DELETE", `/api/runs/${run}`);
export const confirmRun = (run: string, confirmed: boolean) => ask("POST", `/api/runs/${run}/confirm`, { confirmed });
export const queryNames = () => ask<readonly string[]>("GET", "/api/queries");
export const readQuery = (name: string) => ask<{ readonly sql: string }>("GET", `/api/queries/${encode(name)}`);
export const saveQuery = (name: string, sql: string) => ask("PUT", `/api/queries/${encode(name)}`, { sql });
export const removeQuery = (name: string) => ask("DELETE", `/api/queries/${encode(name)}`);

export const describeResult = (result: string) => ask<ResultDescription>("GET", `/api/results/${encode(result)}`);

export const dashboardNames = () => ask<readonly string[]>("GET", "/api/dashboards");
export const readDashboard = (name: string) => ask<DashboardFile>("GET", `/api/dashboards/${encode(name)}`);
export const saveDashboard = (name: string, text: string, version: string | undefined) =>
  ask<SavedDashboard>("PUT", `/api/dashboards/${encode(name)}`, { text, version });

export interface PictureRequest extends ChartRequest {
  readonly theme: "light" | "dark";
  /** Of CSS' pixels. */
  readonly width: number;
  readonly height: number;
}

export const readChart = (result: string, request: PictureRequest) =>
  ask<ChartPicture>("GET", `/api/results/${encode(result)}/chart?${queryOf(request)}`);

export const savePicture = (result: string, request: PictureRequest, format: "svg" | "png") =>
  readFile(`/api/results/${encode(result)}/picture?${queryOf({ ...request, format })}`);

function queryOf(request: object): URLSearchParams {
  const given = Object.entries(request).filter(([, value]) => value !== undefined);
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
}

/** A result's rows as a file; one that is not whole is refused where `partial` does not allow for it. */
export const exportRows = (result: string, format: string, partial: boolean) =>
  readFile(`/api/results/${encode(result)}/export?format=${format}&partial=${partial}`);

async function readFile(path: string): Promise<ExportedFile> {
  const response = await send("GET", path);
  const [, name = ""] = /filename="([^"]*)"/.exec(response.headers.get("content-disposition") ?? "") ?? [];
  return { name, content: await response.blob() };
}

/** What becomes of a run, as it does. */
export async function* runEvents(run: string, sql: string): AsyncGenerator<RunEvent> {
  const response = await send("POST", `/api/runs/${run}`, { sql });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (reader === undefined) return;
  let rest = "";
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    const lines = (rest + chunk.value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line);
  }
}
