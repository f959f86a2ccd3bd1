import { z } from "zod";
import type { Json } from "../../../value/json.js";
import { executionConfig, jsonObject, pageToken, wholeNumber } from "./input-schemas.js";

/** A parameter is handed on as a text, whatever JSON it is given as. */
const parameterValue = z
  .custom<Json>((value) => value !== undefined, "a value is required; it may be null")
  .transform((value) => (value === null || typeof value === "string" ? value : JSON.stringify(value)))
  .meta({ description: "A text, number, boolean or null; for STRUCT and ARRAY an object or a list." });

export const executeSqlQueryBody = z
  .strictObject({
    query: z.strictObject({
      query: z.string().min(1, "expected a statement"),
      maxRows: wholeNumber({ most: Number.MAX_SAFE_INTEGER, description: "Default 25.", example: 25 }),
      timeout: wholeNumber({ most: Number.MAX_SAFE_INTEGER, description: "In seconds. Default 180.", example: 180 }),
      queryParameters: z
        .array(z.strictObject({ dataType: z.string().optional(), value: parameterValue }))
        .optional()
        .meta({ description: "In the order of the statement's question marks." }),
      pageToken: pageToken.meta({
        description: "The nextPageToken of the page before, with the same query and queryParameters.",
      }),
    }),
    executionConfig,
  })
  .meta({
    examples: [
      {
        query: {
          query: "SELECT Id, Email FROM Customer WHERE Email = ?",
          maxRows: "25",
          timeout: "180",
          queryParameters: [{ dataType: "VARCHAR", value: "john@example.com" }],
        },
      },
    ],
  });

export const executeSqlQueryResponse = z
  .strictObject({
    results: z.array(jsonObject).readonly(),
    metadata: z
      .strictObject({
        nextPageToken: z.string().optional().meta({
          description: "Of what follows a result that was cut; a write has none. The statement runs again for it.",
        }),
        truncated: z
          .literal(true)
          .optional()
          .meta({ description: "Only where maxRows, or the size that an answer may have, cut the result." }),
        affectedRows: z.int().optional().meta({ description: "Objects that a write wrote." }),
        notices: z.array(z.string()).readonly().optional().meta({ description: "Only where there are any." }),
        requests: z.int().meta({ description: "Requests that the statement sent to Stripe." }),
      })
      .meta({ description: "What there is to tell of the statement." }),
  })
  .meta({
    id: "ExecuteSqlQueryResponse",
    examples: [{ results: [{ Id: "cus_OxHsz0u5bCGWuy", Email: "john@example.com" }], metadata: { requests: 1 } }],
  });
