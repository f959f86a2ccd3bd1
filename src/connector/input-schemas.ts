import { z } from "zod";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";

const maximumDepth = 100;

const name = z.string().trim().min(1).max(200);
const id = z.string().min(1).max(500);
/** Objects lose a field named __proto__ on their way: it is refused before it could be left out. */
const jsonObject = z
  .unknown()
  .refine((value) => isPlain(value), `a field is named __proto__ or lies more than ${maximumDepth} deep`)
  .pipe(z.record(z.string().max(500), z.json()));
const pageSize = z.int().min(1).max(200);
const pageToken = z.string().max(500_000);

function isPlain(value: unknown, depth = 0): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (depth > maximumDepth || Object.hasOwn(value, "__proto__")) return false;
  return Object.values(value).every((item) => isPlain(item, depth + 1));
}

/** The inputs of a connector's calls, from programs and from other processes. */
export const inputSchemas = {
  listEntities: z.strictObject({
    entity: name,
    filterClause: z.string().default(""),
    listEntitiesPageSize: pageSize.default(25),
    listEntitiesPageToken: pageToken.optional(),
    listEntitiesSortByColumns: z.array(z.string().max(500)).max(20).default([]),
  }),
  getEntity: z.strictObject({ entity: name, entityId: id }),
  createEntity: z.strictObject({ entity: name, connectorInputPayload: jsonObject }),
  updateEntity: z.strictObject({
    entity: name,
    connectorInputPayload: jsonObject,
    entityId: id.exactOptional(),
    filterClause: z.string().exactOptional(),
  }),
  deleteEntity: z.strictObject({
    entity: name,
    entityId: id.exactOptional(),
    filterClause: z.string().exactOptional(),
  }),
  executeAction: z.strictObject({ action: name, connectorInputPayload: jsonObject.default({}) }),
  executeSqlQuery: z.strictObject({
    query: z.string(),
    maxRows: z.int().min(1).max(1_000_000).default(25),
    timeout: z.number().positive().max(86_400).default(180),
    queryParameters: z
      .array(z.strictObject({ dataType: z.string().max(100).optional(), value: z.string().nullable() }))
      .max(1000)
      .default([]),
    pageToken: pageToken.optional(),
  }),
  page: z.strictObject({ pageSize: pageSize.default(25), pageToken: pageToken.optional() }),
  getEntityType: z.strictObject({ entity: name }),
  getAction: z.strictObject({ action: name }),
  executeTool: z.strictObject({ tool: name, parameters: jsonObject.default({}) }),
} as const;

export type CheckedListInput = z.output<typeof inputSchemas.listEntities>;
export type CheckedSqlQueryInput = z.output<typeof inputSchemas.executeSqlQuery>;
export type CheckedPage = z.output<typeof inputSchemas.page>;

/** The input, checked and with its defaults; error 22023 that names every mistake. */
export function checkInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const mistakes = result.error.issues.map(({ path, message }) => {
    const place = path.join(".");
    return place === "" ? message : `${place}: ${message}`;
  });
  throw new StripeSqlError("the input is not of the form that the call takes", {
    sqlState: SqlState.invalidParameterValue,
    phase: "plan",
    detail: mistakes.join("; "),
  });
}
