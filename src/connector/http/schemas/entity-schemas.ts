import { z } from "zod";
import { commonQuery, executionConfig, jsonObject, pageSize, pageToken, texts } from "./input-schemas.js";
import { oneText } from "./one-text.js";

const entityName =
  "projects/my-project/locations/europe-west1/connections/stripe-eu/entityTypes/Customer/entities/cus_OxHsz0u5bCGWuy";

export const entity = z
  .strictObject({
    name: z.string().optional().meta({ description: "Its path; left out where the entity has no id." }),
    fields: jsonObject.meta({
      description: "Values by field. Integers past 2^53 and decimals are texts, times are ISO 8601.",
    }),
  })
  .meta({ id: "Entity", examples: [{ name: entityName, fields: { Id: "cus_OxHsz0u5bCGWuy", Name: "John" } }] });

export const entityList = z
  .strictObject({
    entities: z.array(entity).readonly(),
    nextPageToken: z.string().optional().meta({ description: "Left out at the end." }),
  })
  .meta({ id: "ListEntitiesResponse" });

const conditions = oneText.optional().meta({
  description: "A filter clause: FIELD CONDITION VALUE, joined by AND and OR. Values stand in single quotes.",
  example: "Email = 'john@example.com'",
});

export const listQuery = z.strictObject({
  ...commonQuery,
  conditions,
  pageSize,
  pageToken,
  sortBy: texts({ description: "Fields to sort by.", example: ["Created"] }),
  sortOrder: texts({ description: "ASC or DESC for each of sortBy, or none at all.", example: ["DESC"] }),
});

const fields = jsonObject;
/** What an answer has beside the fields, for clients that send back what they read. */
const outputOnly = {
  name: z
    .string()
    .nullable()
    .optional()
    .meta({ description: "Of answers alone; taken and ignored: the path says which." }),
  metadata: jsonObject.nullable().optional().meta({ description: "Of answers alone; taken and ignored." }),
};

export const createBody = z.strictObject({ ...outputOnly, fields }).meta({
  examples: [{ fields: { PaymentMethod: "pm_1OXN5YANHgX3SHp7Q5Y0rb39", Currency: "usd", Amount: 1500.0 } }],
});
export const patchBody = z.strictObject({ ...outputOnly, fields }).meta({ examples: [{ fields: { Name: "John" } }] });

export const conditionsQuery = z.strictObject({ ...commonQuery, conditions });
export const updateEntitiesBody = z
  .strictObject({
    ...outputOnly,
    fields: fields.optional(),
    entity: z
      .strictObject({ ...outputOnly, fields })
      .optional()
      .meta({ description: "In the place of fields." }),
    conditions: conditions.meta({ description: "In the place of the query's." }),
    executionConfig,
  })
  .meta({ examples: [{ fields: { Name: "John" }, conditions: "Email = 'john@example.com'" }] });
export const deleteEntitiesBody = z
  .strictObject({ conditions: conditions.meta({ description: "In the place of the query's." }), executionConfig })
  .meta({ examples: [{ conditions: "Id = 'cus_OxIqiMh1W335rE'" }] });

export const updateEntitiesResponse = z
  .strictObject({
    response: jsonObject.meta({ description: "Id of the first entity written; Ids of all where there are several." }),
  })
  .meta({ id: "UpdateEntitiesWithConditionsResponse", examples: [{ response: { Id: "cus_OxHsz0u5bCGWuy" } }] });

export const empty = z.strictObject({}).meta({ id: "Empty", examples: [{}] });
