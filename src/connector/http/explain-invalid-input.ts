import type { ZodFastifySchemaValidationError } from "fastify-type-provider-zod";
import { ZodObject } from "zod";
import { didYouMean } from "../../error/suggestion.js";
import type { FieldViolation } from "./rpc-failure.js";
import { RpcFailure } from "./rpc-failure.js";
import { expectedObject } from "./schemas/input-schemas.js";

/** What a schema had against an input. */
export interface InvalidInput {
  readonly issues: readonly ZodFastifySchemaValidationError[];
  readonly place: "params" | "querystring" | "body";
  /** The zod schema of the place, for the names that it knows. */
  readonly schema: unknown;
}

const places = {
  params: { noun: "path parameter", reason: "INVALID_PATH" },
  querystring: { noun: "query parameter", reason: "INVALID_QUERY" },
  body: { noun: "field", reason: "INVALID_BODY" },
} as const;

/** Mistakes that are told one by one. */
const listedViolations = 20;

/** The answer to a request whose path, query or body is not as its schema has it. It repeats names, never values. */
export function explainInvalidInput({ issues, place, schema }: InvalidInput): RpcFailure {
  const { noun, reason } = places[place];
  const violations = issues.flatMap((issue) => violationsOf(issue, noun));
  const [first] = violations;
  const more = violations.length > 1 ? ` (and ${violations.length - 1} more)` : "";
  const hint = unwrapped(issues) ?? issues.map((issue) => nearName(issue, schema)).find((text) => text !== undefined);
  return new RpcFailure(`${first?.description ?? "the input is not valid"}${more}`, {
    status: "INVALID_ARGUMENT",
    reason,
    metadata: hint === undefined ? {} : { hint },
    violations: violations.slice(0, listedViolations),
  });
}

function violationsOf(issue: ZodFastifySchemaValidationError, noun: string): readonly FieldViolation[] {
  const path = pathOf(issue);
  const unknown = unknownKeys(issue);
  if (unknown.length === 0)
    return [{ field: path.join("."), description: `${subject(path, noun)}${complaint(issue)}` }];
  return unknown.map((key) => {
    const field = shortened([...path, key].join("."));
    return { field, description: `unknown ${noun} "${field}"` };
  });
}

function subject(path: readonly string[], noun: string): string {
  return path.length === 0 ? "the body" : `${noun} "${path.join(".")}"`;
}

/** zod says "Invalid input: expected object, received undefined". */
function complaint({ message = "" }: ZodFastifySchemaValidationError): string {
  if (message.endsWith("received undefined")) return " is required";
  return `: ${message.replace(/^Invalid (?:input|option|string): /, "")}`;
}

/** "/query/maxRows" */
function pathOf({ instancePath }: ZodFastifySchemaValidationError): readonly string[] {
  return instancePath.split("/").filter((name) => name !== "");
}

function unknownKeys({ params }: ZodFastifySchemaValidationError): readonly string[] {
  const keys: unknown = params["keys"];
  return Array.isArray(keys) ? keys.map(String) : [];
}

/** Values beside the object that is to hold them: `{"Name": "Ada"}` for `{"fields": {"Name": "Ada"}}`. */
function unwrapped(issues: InvalidInput["issues"]): string | undefined {
  const outer = issues.filter((issue) => pathOf(issue).length === 0).flatMap(unknownKeys);
  const [missing] = issues.filter(({ message }) => message === expectedObject).flatMap((issue) => pathOf(issue));
  if (missing === undefined || outer.length === 0) return undefined;
  const isMisspelt = outer.some((key) => didYouMean(shortened(key), [missing]) !== undefined);
  return isMisspelt ? undefined : `The values go into an object: {"${missing}": {…}}.`;
}

function nearName(issue: ZodFastifySchemaValidationError, schema: unknown): string | undefined {
  const [key] = unknownKeys(issue);
  return key === undefined ? undefined : didYouMean(shortened(key), namesAt(schema, pathOf(issue)));
}

function namesAt(schema: unknown, path: readonly string[]): readonly string[] {
  if (!(schema instanceof ZodObject)) return [];
  const [next, ...rest] = path;
  return next === undefined ? Object.keys(schema.shape) : namesAt(schema.shape[next], rest);
}

function shortened(name: string): string {
  return name.length > 100 ? `${name.slice(0, 100)}…` : name;
}
