import { z } from "zod";
import type { Json } from "../../../value/json.js";
import { commonQuery, jsonObject, noQuery, pageSize, pageToken } from "./input-schemas.js";
import { oneText } from "./one-text.js";

const json = z.custom<Json>((value) => value !== undefined).meta({ description: "Any JSON." });

const field = z
  .strictObject({
    name: z.string(),
    dataType: z.string(),
    key: z.boolean(),
    nullable: z.boolean(),
    description: z.string(),
    defaultValue: json,
    reference: z.strictObject({ name: z.string(), type: z.string() }).nullable(),
    jsonSchema: jsonObject,
  })
  .meta({ id: "Field" });

export const entityType = z
  .strictObject({
    name: z.string(),
    fields: z.array(field).readonly(),
    jsonSchema: jsonObject,
    operations: z.array(z.enum(["LIST", "GET", "CREATE", "UPDATE", "DELETE"])).readonly(),
    defaultSortBy: z.string(),
  })
  .meta({ id: "EntityType" });

/** What is left of a thing in the view of names alone. */
export const named = z.strictObject({ name: z.string() });

export const entityTypeList = z
  .strictObject({
    types: z.array(z.union([entityType, named])).readonly(),
    nextPageToken: z.string().optional().meta({ description: "Left out at the end." }),
  })
  .meta({ id: "ListEntityTypesResponse" });

export const entityTypeListQuery = z.strictObject({
  ...commonQuery,
  pageSize,
  pageToken,
  view: z
    .enum(["ENTITY_TYPE_VIEW_UNSPECIFIED", "ENTITY_TYPE_VIEW_BASIC", "ENTITY_TYPE_VIEW_FULL"])
    .optional()
    .meta({ description: "Default ENTITY_TYPE_VIEW_FULL; ENTITY_TYPE_VIEW_BASIC gives names alone." }),
});

export const entityTypeQuery = noQuery.extend({
  view: z
    .enum(["ENTITY_TYPE_SCHEMA_VIEW_UNSPECIFIED", "ENTITY_TYPE_SCHEMA_VIEW_BASIC", "ENTITY_TYPE_SCHEMA_VIEW_ENRICHED"])
    .optional()
    .meta({ description: "All views are the same: the whole schema." }),
  contextMetadata: oneText.optional().meta({ description: "Taken and ignored: no schema depends on it." }),
});

export const parameterFields = {
  name: z.string(),
  dataType: z.string(),
  description: z.string(),
  jsonSchema: jsonObject,
};
export const defaultValue = json;
