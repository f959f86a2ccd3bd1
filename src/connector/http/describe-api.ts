import swagger from "@fastify/swagger";
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from "fastify-type-provider-zod";
import type { OpenAPIV3_1 } from "openapi-types";
import type { HttpApp } from "./http-app.js";
import { idempotencyKeyHeader } from "./idempotency-key.js";
import { rpcErrorBody } from "./schemas/rpc-error-schema.js";

/** Has the app describe its routes as OpenAPI 3.1; to be called before they are added. */
export async function describeApi(app: HttpApp): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "stripe-sql connector",
        version: "v2",
        description:
          "Stripe in the form of Google Cloud's Connectors runtime API v2: entities, actions, SQL and tools. " +
          "A 401 with reason STRIPE_KEY_REFUSED is about the connection's Stripe key; one with TOKEN_MISSING or " +
          "TOKEN_INVALID about the caller's token.",
        license: { name: "MIT", identifier: "MIT" },
      },
      // By where the description is read from: behind a proxy, the server does not know its own address.
      servers: [{ url: "/", description: "The server that gives this description." }],
      security: [{ bearer: [] }],
      tags: [
        { name: "entities", description: "List, Get, Create, Update, Delete." },
        { name: "actions", description: "Calls of Stripe's beyond those." },
        { name: "sql", description: "Statements over all of them." },
        { name: "tools", description: "Entities and actions as agents take them." },
        { name: "metadata", description: "Schemas and states; these do not count against a connection's rate." },
        { name: "service", description: "The server itself." },
      ],
      components: {
        securitySchemes: { bearer: { type: "http", scheme: "bearer" } },
        responses: Object.fromEntries(
          Object.entries(failures).map(([name, { description }]) => [name, failureResponse(description)]),
        ),
      },
    },
    transform: createJsonSchemaTransform({}),
    transformObject: (document) => {
      if (!("openapiObject" in document)) throw new Error("the description is OpenAPI");
      // The plugin types all of its versions at once; this one is asked for above.
      return complete(createJsonSchemaTransformObject({})(document) as OpenAPIV3_1.Document);
    },
  });
}

const failures = {
  BadRequest: { status: "400", description: "INVALID_ARGUMENT or FAILED_PRECONDITION; a declined card too." },
  Unauthenticated: {
    status: "401",
    description: "UNAUTHENTICATED: the caller's token, or the connection's Stripe key.",
  },
  PermissionDenied: { status: "403", description: "PERMISSION_DENIED: the Stripe key may not do this." },
  NotFound: { status: "404", description: "NOT_FOUND: no such connection, entity type, entity, action or tool." },
  AlreadyExists: { status: "409", description: "ALREADY_EXISTS." },
  TooLarge: { status: "413", description: "INVALID_ARGUMENT: a body of more than the limit." },
  UnsupportedContentType: { status: "415", description: "INVALID_ARGUMENT: a body that is not JSON in UTF-8." },
  ResourceExhausted: { status: "429", description: "RESOURCE_EXHAUSTED: the connection's rate, or Stripe's." },
  Internal: { status: "500", description: "INTERNAL." },
  Unimplemented: { status: "501", description: "UNIMPLEMENTED: Stripe has no such operation." },
  Unavailable: { status: "503", description: "UNAVAILABLE: no node or no Stripe to be reached." },
  DeadlineExceeded: { status: "504", description: "DEADLINE_EXCEEDED." },
} as const;

type FailureName = keyof typeof failures;

const ofConnections: readonly FailureName[] = [
  "BadRequest",
  "Unauthenticated",
  "PermissionDenied",
  "NotFound",
  "Internal",
  "Unavailable",
  "DeadlineExceeded",
];
const ofTransactions: readonly FailureName[] = ["AlreadyExists", "ResourceExhausted", "Unimplemented"];
const ofBodies: readonly FailureName[] = ["TooLarge", "UnsupportedContentType"];

function failureResponse(description: string): OpenAPIV3_1.ResponseObject {
  const $ref = `#/components/schemas/${rpcErrorBody.meta()?.id}`;
  return { description, content: { "application/json": { schema: { $ref } } } };
}

/** Adds the failures that no route lists for itself, and leaves out what nothing refers to. */
function complete(document: OpenAPIV3_1.Document): OpenAPIV3_1.Document {
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const operation of operationsOf(item ?? {})) completeOperation(path, operation);
  }
  return withoutUnused(withoutReadOnly(document));
}

function operationsOf({ get, post, patch, delete: remove }: OpenAPIV3_1.PathItemObject) {
  return [get, post, patch, remove].filter((operation) => operation !== undefined);
}

function completeOperation(path: string, operation: OpenAPIV3_1.OperationObject): void {
  const responses: OpenAPIV3_1.ResponsesObject = { ...operation.responses };
  for (const name of failuresOf(path, operation)) {
    responses[failures[name].status] = { $ref: `#/components/responses/${name}` };
  }
  const success = responses["200"];
  if (success !== undefined && "description" in success) responses["200"] = { ...success, description: "Done." };
  operation.responses = responses;
  if (writes.has(operation.operationId ?? "")) operation.parameters = [...(operation.parameters ?? []), idempotencyKey];
  // The plugin has every body required.
  if (operation.requestBody !== undefined && bodiesLeftOut.has(operation.operationId ?? "")) {
    operation.requestBody = { ...operation.requestBody, required: false };
  }
}

const writes: ReadonlySet<string> = new Set([
  "createEntity",
  "updateEntity",
  "updateEntitiesWithConditions",
  "executeAction",
  "executeSqlQuery",
  "executeTool",
]);

const idempotencyKey: OpenAPIV3_1.ParameterObject = {
  name: idempotencyKeyHeader,
  in: "header",
  required: false,
  description: "A write that is sent again under the same key, because its answer was lost, is carried out once.",
  schema: { type: "string", maxLength: 200 },
};

const bodiesLeftOut: ReadonlySet<string> = new Set([
  "deleteEntitiesWithConditions",
  "listToolsPost",
  "exchangeAuthCode",
  "refreshAccessToken",
]);

/** Methods of the runtime API that no connection has. */
const unsupported: ReadonlySet<string> = new Set(["exchangeAuthCode", "refreshAccessToken"]);

function failuresOf(path: string, { requestBody, tags = [], operationId = "" }: OpenAPIV3_1.OperationObject) {
  if (path === "/healthz") return ["BadRequest"] as const;
  if (path === "/readyz") return ["BadRequest", "Unavailable"] as const;
  if (tags.includes("service")) return ["BadRequest", "Unauthenticated"] as const;
  const isTransaction = !tags.includes("metadata") && !operationId.startsWith("listTools");
  return [
    ...ofConnections,
    ...(isTransaction ? ofTransactions : []),
    ...(unsupported.has(operationId) ? (["Unimplemented"] as const) : []),
    ...(requestBody === undefined ? [] : ofBodies),
  ];
}

/** zod marks what its types call readonly; in OpenAPI that word says that no request may hold it. */
function withoutReadOnly<Part>(part: Part): Part {
  if (typeof part !== "object" || part === null) return part;
  if (Array.isArray(part)) return part.map(withoutReadOnly) as Part;
  const kept = Object.entries(part).filter(([key, value]) => key !== "readOnly" || value !== true);
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutReadOnly(value)])) as Part;
}

/** Each schema exists once for requests and once for answers. */
function withoutUnused(document: OpenAPIV3_1.Document): OpenAPIV3_1.Document {
  const { schemas = {}, ...components } = document.components ?? {};
  const used = new Set<string>();
  const follow = (part: unknown): void => {
    for (const [, name = ""] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name)) continue;
      used.add(name);
      follow(schemas[name] ?? {});
    }
  };
  follow({ ...document, components });
  const kept = Object.entries(schemas).filter(([name]) => used.has(name));
  return { ...document, components: { ...components, schemas: Object.fromEntries(kept) } };
}
