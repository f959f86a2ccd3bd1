import { z } from "zod";
import { oneText } from "./one-text.js";

const ignored = oneText.optional().meta({ description: "Taken and ignored." });

/**
 * Parameters of every Google API.
 * Source: https://docs.cloud.google.com/apis/docs/system-parameters
 */
export const systemParameters = {
  fields: oneText.optional().meta({
    description: "Fields of the answer to give, such as entities(name,fields/Email),nextPageToken; default all.",
    example: "*",
  }),
  prettyPrint: z
    .enum(["true", "false"])
    .optional()
    .meta({ description: "Answers with line breaks and indentations. Default false." }),
  alt: z.literal("json").optional().meta({ description: "The only format there is." }),
  callback: z.never("there is no JSONP here").optional().meta({ description: "Refused." }),
  access_token: oneText.optional().meta({ description: "The bearer token, where there is no Authorization header." }),
  oauth_token: oneText.optional().meta({ description: "The same." }),
  key: ignored,
  quotaUser: ignored,
  $userProject: ignored,
  uploadType: ignored,
  upload_protocol: ignored,
  "$.xgafv": z.enum(["1", "2"]).optional().meta({ description: "Taken and ignored." }),
};
