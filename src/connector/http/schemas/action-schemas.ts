import { z } from "zod";
import { defaultValue, named, parameterFields } from "./entity-type-schemas.js";
import { commonQuery, executionConfig, jsonObject, noQuery, pageSize, pageToken } from "./input-schemas.js";

export const action = z
  .strictObject({
    name: z.string(),
    displayName: z.string(),
    description: z.string(),
    inputParameters: z
      .array(z.strictObject({ ...parameterFields, nullable: z.boolean(), defaultValue }).meta({ id: "InputParameter" }))
      .readonly(),
    resultMetadata: z.array(z.strictObject(parameterFields).meta({ id: "ResultMetadata" })).readonly(),
    inputJsonSchema: jsonObject,
    resultJsonSchema: jsonObject,
  })
  .meta({ id: "Action" });

export const actionList = z
  .strictObject({
    actions: z.array(z.union([action, named])).readonly(),
    nextPageToken: z.string().optional().meta({ description: "Left out at the end." }),
  })
  .meta({ id: "ListActionsResponse" });

export const actionListQuery = z.strictObject({
  ...commonQuery,
  pageSize,
  pageToken,
  view: z
    .enum(["ACTION_VIEW_UNSPECIFIED", "ACTION_VIEW_BASIC", "ACTION_VIEW_FULL"])
    .optional()
    .meta({ description: "Default ACTION_VIEW_FULL; ACTION_VIEW_BASIC gives names alone." }),
});

export const actionQuery = noQuery.extend({
  view: z
    .enum(["ACTION_SCHEMA_VIEW_UNSPECIFIED", "ACTION_SCHEMA_VIEW_BASIC", "ACTION_SCHEMA_VIEW_ENRICHED"])
    .optional()
    .meta({ description: "All views are the same: the whole schema." }),
});

export const executeActionBody = z.strictObject({ parameters: jsonObject.optional(), executionConfig }).meta({
  examples: [
    { parameters: { ReturnUrl: "http://google.com/", PaymentIntentId: "pi_3OggwFANHgX3SHp71AVrNtT3" } },
    { parameters: { PaymentMethodId: "pm_1OYm2nANHgX3SHp7ihGfm5U8", CustomerId: "cus_PNX7n9xMDsMPH4" } },
    { parameters: { InvoiceId: "in_1OhnXRANHgX3SHp73ufStlXy" } },
    { parameters: { QuoteId: "qt_1ObmqKANHgX3SHp7ahHydwav" } },
  ],
});

export const callMetadata = z.strictObject({});

export const executeActionResponse = z
  .strictObject({
    results: z.array(z.record(z.string(), z.string().nullable())).readonly().meta({
      description: "One flat object: names as Stripe has them, joined by dots, every value a text or null.",
    }),
    metadata: callMetadata,
  })
  .meta({
    id: "ExecuteActionResponse",
    examples: [{ results: [{ InvoiceId: "in_1Obmr5ANHgX3SHp7HKi6bJDu", Success: "true" }], metadata: {} }],
  });
