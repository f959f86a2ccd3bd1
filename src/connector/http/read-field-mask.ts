import { z } from "zod";
import { didYouMean } from "../../error/suggestion.js";
import type { FieldMask } from "./field-mask.js";
import { FieldMaskError, parseFieldMask } from "./field-mask.js";
import { RpcFailure } from "./rpc-failure.js";

const fieldsParameter = "fields";

/**
 * The mask of a query parameter; undefined where it is empty, which selects everything. Refuses a text that is no mask,
 * and a name that an answer of this schema cannot have: it would leave the answer empty without a word.
 */
export function readFieldMask(text: string, answer: unknown): FieldMask | undefined {
  if (text.trim() === "") return undefined;
  try {
    const mask = parseFieldMask(text);
    requireKnown(mask, [answer], []);
    return mask;
  } catch (error) {
    if (!(error instanceof FieldMaskError)) throw error;
    throw invalidMask(error.message);
  }
}

/** Several schemas: a field may be of any of them. */
function requireKnown(mask: FieldMask, schemas: readonly unknown[], path: readonly string[]): void {
  const candidates = schemas.flatMap(alternatives);
  if (candidates.some(takesAnyName)) return;
  const shapes = candidates.flatMap((schema) => (schema instanceof z.ZodObject ? [schema.shape] : []));
  const known = new Set(shapes.flatMap((shape) => Object.keys(shape)));
  for (const [name, beneath] of mask.fields) {
    if (name !== "*" && !known.has(name)) throw unknownField([...path, name], known);
    const fields = shapes.flatMap((shape) =>
      name === "*" ? Object.values(shape) : Object.hasOwn(shape, name) ? [shape[name]] : [],
    );
    requireKnown(beneath, fields, [...path, name]);
  }
}

/** What a value of a schema may be, with lists as what they hold. */
function alternatives(schema: unknown): readonly unknown[] {
  if (schema instanceof z.ZodArray) return alternatives(schema.element);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(alternatives);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodReadonly) {
    return alternatives(schema.unwrap());
  }
  return [schema];
}

/** Objects of Stripe's and schemas have names that no schema of ours knows. */
function takesAnyName(schema: unknown): boolean {
  return schema instanceof z.ZodCustom || schema instanceof z.ZodRecord;
}

function unknownField(path: readonly string[], known: ReadonlySet<string>): RpcFailure {
  const name = path.at(-1) ?? "";
  const shown = path.join("/");
  const subject = shown.length > 200 ? `${shown.slice(0, 200)}…` : shown;
  return invalidMask(`an answer has no field "${subject}"`, didYouMean(name.slice(0, 100), known));
}

function invalidMask(complaint: string, hint?: string): RpcFailure {
  const description = `query parameter "${fieldsParameter}": ${complaint}`;
  return new RpcFailure(description, {
    status: "INVALID_ARGUMENT",
    reason: "INVALID_QUERY",
    metadata: hint === undefined ? {} : { hint },
    violations: [{ field: fieldsParameter, description }],
  });
}
