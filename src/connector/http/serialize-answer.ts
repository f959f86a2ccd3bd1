import type { FastifyReply, FastifyRequest, FastifySerializerCompiler } from "fastify";
import { z } from "zod";
import type { AccessLog } from "./access-log.js";
import type { FieldMask } from "./field-mask.js";
import { selectFields } from "./field-mask.js";
import { readFieldMask } from "./read-field-mask.js";

/** How a request wants its answer. */
export interface AnswerFormat {
  /** Undefined: all fields. */
  readonly fields: FieldMask | undefined;
  /** With line breaks and indentations. */
  readonly isPretty: boolean;
}

type Log = Pick<AccessLog, "internalError">;

/**
 * Writes an answer as it is, and has the log told where it is not of the form that the schema describes: the call has
 * been carried out, and no mistake in a description may tell its caller otherwise.
 */
export function answerSerializer(log: Log): FastifySerializerCompiler<unknown> {
  return ({ schema, method, url }) =>
    (answer) => {
      check(answer, schema, `${method} ${url}`, log);
      return JSON.stringify(answer);
    };
}

/** To be called before the call is made: a write whose answer cannot be given as it is wanted is not carried out. */
export function answerFormatOf({ query, headers, routeOptions }: FastifyRequest): AnswerFormat {
  // Routes of a connection take these parameters, as texts, or refuse them.
  const { fields, prettyPrint } = query as { readonly fields?: string; readonly prettyPrint?: string };
  const mask = fields ?? [headers["x-goog-fieldmask"]].flat().join(",");
  return { fields: readFieldMask(mask, successSchema(routeOptions)), isPretty: prettyPrint === "true" };
}

/** Has an answer written in its format. */
export function formatAnswer(reply: FastifyReply, { fields, isPretty }: AnswerFormat, log: Log): void {
  if (fields === undefined && !isPretty) return;
  const { method, routeOptions } = reply.request;
  reply.serializer((answer: unknown) => {
    check(answer, successSchema(routeOptions), `${method} ${routeOptions.url}`, log);
    const selected = fields === undefined ? answer : selectFields(answer, fields);
    return isPretty ? `${JSON.stringify(selected, undefined, 2)}\n` : JSON.stringify(selected);
  });
}

function successSchema({ schema }: FastifyRequest["routeOptions"]): unknown {
  return (schema?.response as { readonly 200?: unknown } | undefined)?.[200];
}

function check(answer: unknown, schema: unknown, route: string, log: Log): void {
  const checked = schema instanceof z.ZodType ? schema.safeParse(answer) : undefined;
  if (checked?.success === false) log.internalError(new TypeError(`${route}: ${checked.error.message}`));
}
