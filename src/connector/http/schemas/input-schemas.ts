import { z } from "zod";
import type { Json, JsonObject } from "../../../value/json.js";
import { isJsonObject } from "../../../value/json.js";
import { oneText } from "./one-text.js";
import { systemParameters } from "./system-parameters.js";

/** What is said where an object of any JSON is missing or is something else. */
export const expectedObject = "expected an object";

/** An object of any JSON. Bodies come from parse-json.ts, so an object in one holds nothing else. */
export const jsonObject = z
  .custom<JsonObject>((value) => isJsonObject(value as Json), expectedObject)
  .meta({ type: "object", additionalProperties: true });

interface WholeNumberOptions {
  readonly most: number;
  readonly description: string;
  readonly example: number;
}

/** As a number or, as JSON has 64-bit integers by Google's rule, as a text. 0 stands for the default, as in every proto3. */
export function wholeNumber({ most, ...documentation }: WholeNumberOptions) {
  return z
    .unknown()
    .transform((value, context): number | undefined => {
      const number = typeof value === "string" && /^\d{1,16}$/.test(value) ? Number(value) : value;
      if (typeof number === "number" && Number.isSafeInteger(number) && number >= 0 && number <= most) {
        return number === 0 ? undefined : number;
      }
      context.addIssue({ code: "custom", message: `expected a whole number from 0 to ${most}` });
      return z.NEVER;
    })
    .optional()
    .meta({ type: ["integer", "string"], format: "int64", minimum: 0, maximum: most, ...documentation });
}

/** A parameter that may be repeated. */
export function texts(documentation: { readonly description: string; readonly example: readonly string[] }) {
  return z
    .unknown()
    .transform((value): readonly string[] => [value].flat().map(String))
    .optional()
    .meta({ type: "array", items: { type: "string" }, ...documentation });
}

/** The query of every method of the runtime API. */
export const commonQuery = {
  ...systemParameters,
  "executionConfig.headers": oneText.optional().meta({ description: "Taken and ignored." }),
};

/** The same in a body. */
export const executionConfig = z
  .strictObject({ headers: z.union([z.string(), jsonObject]).optional() })
  .optional()
  .meta({ description: "Taken and ignored." });

export const pageSize = wholeNumber({ most: 200, description: "Default 25, at most 200.", example: 25 });
export const pageToken = oneText
  .transform((token) => (token === "" ? undefined : token))
  .optional()
  .meta({ description: "The nextPageToken of the page before, with the same other parameters." });

export const noQuery = z.strictObject(commonQuery);
export const pageQuery = z.strictObject({ ...commonQuery, pageSize, pageToken });
