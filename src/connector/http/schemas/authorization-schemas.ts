import { z } from "zod";
import { executionConfig, jsonObject } from "./input-schemas.js";

export const exchangeAuthCodeBody = z
  .strictObject({ authCodeData: jsonObject.optional(), executionConfig })
  .meta({ examples: [{}] });
export const refreshAccessTokenBody = z
  .strictObject({ refreshToken: z.string().optional(), executionConfig })
  .meta({ examples: [{}] });

export const accessCredentials = z
  .strictObject({ accessCredentials: jsonObject })
  .meta({ id: "AccessCredentialsResponse", description: "Never given." });
