import type { FastifySerializerCompiler } from "fastify";
import { z } from "zod";
import type { AccessLog } from "./access-log.js";

/**
 * Writes an answer as it is, and has the log told where it is not of the form that the schema describes: the call has
 * been carried out, and no mistake in a description may tell its caller otherwise.
 */
export function answerSerializer(log: Pick<AccessLog, "internalError">): FastifySerializerCompiler<unknown> {
  return ({ schema, method, url }) =>
    (answer) => {
      const checked = schema instanceof z.ZodType ? schema.safeParse(answer) : undefined;
      if (checked?.success === false) log.internalError(new TypeError(`${method} ${url}: ${checked.error.message}`));
      return JSON.stringify(answer);
    };
}
