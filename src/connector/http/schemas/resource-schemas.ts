import { z } from "zod";

/** There are none, so that what one would be is not described. */
export const resourceList = z
  .strictObject({ resources: z.array(z.strictObject({ uri: z.string(), name: z.string() })).readonly() })
  .meta({ id: "ListResourcesResponse", examples: [{ resources: [] }] });

export const resource = z
  .strictObject({ data: z.string(), mimeType: z.string() })
  .meta({ id: "GetResourceResponse", description: "Never given." });
