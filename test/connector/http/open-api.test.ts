import { createConfig, lintFromString } from "@redocly/openapi-core";
import type { OpenAPIV3_1 } from "openapi-types";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { openHttpApi } from "../../../src/connector/http/open-http-api.js";
import { send, token } from "./running-api.js";
import { serve } from "./served-connector.js";
import { tableConnector } from "./table-connector.js";

type Operation = OpenAPIV3_1.OperationObject;

let document: OpenAPIV3_1.Document;
let yaml = "";

beforeAll(async () => {
  const api = await openHttpApi({ connections: [serve(tableConnector())], token });
  const { url } = await api.listen({ host: "127.0.0.1", port: 0 });
  document = (await send("GET", `${url}/openapi.json`)).body as OpenAPIV3_1.Document;
  yaml = (await send("GET", `${url}/openapi.yaml`)).text;
  await api.close();
});

const connection = "/v2/projects/{project}/locations/{location}/connections/{connection}";
const entities = `${connection}/entityTypes/{entityType}/entities`;

function operations(): readonly { readonly method: string; readonly path: string; readonly operation: Operation }[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    (["get", "post", "patch", "delete"] as const).flatMap((method) => {
      const operation = item?.[method];
      return operation === undefined ? [] : [{ method: method.toUpperCase(), path, operation }];
    }),
  );
}

/** Every object within, with where it is. */
function* objectsIn(part: unknown, path = "#"): Generator<readonly [string, Readonly<Record<string, unknown>>]> {
  if (typeof part !== "object" || part === null) return;
  if (!Array.isArray(part)) yield [path, part as Readonly<Record<string, unknown>>];
  for (const [key, value] of Object.entries(part)) yield* objectsIn(value, `${path}/${key}`);
}

function resolve(reference: string): unknown {
  const keys = reference.replace(/^#\//, "").split("/");
  return keys.reduce<unknown>((part, key) => (part as Readonly<Record<string, unknown>> | undefined)?.[key], document);
}

describe("the OpenAPI description", () => {
  it("has every route", () => {
    expect(
      operations()
        .map(({ method, path }) => `${method} ${path}`)
        .sort(),
    ).toEqual(
      [
        `GET ${connection}:checkReadiness`,
        `GET ${connection}:checkStatus`,
        `POST ${connection}:executeSqlQuery`,
        `GET ${connection}/entityTypes`,
        `GET ${connection}/entityTypes/{entityType}`,
        `GET ${entities}`,
        `POST ${entities}`,
        `GET ${entities}/{entity}`,
        `PATCH ${entities}/{entity}`,
        `DELETE ${entities}/{entity}`,
        `POST ${entities}:updateEntitiesWithConditions`,
        `POST ${entities}:deleteEntitiesWithConditions`,
        `GET ${connection}/actions`,
        `GET ${connection}/actions/{action}`,
        `POST ${connection}/actions/{action}:execute`,
        `GET ${connection}/tools`,
        `POST ${connection}/tools`,
        `POST ${connection}/tools/{tool}:execute`,
        `GET ${connection}/resources`,
        `GET ${connection}/resources/{resource}`,
        `POST ${connection}:exchangeAuthCode`,
        `POST ${connection}:refreshAccessToken`,
        "GET /healthz",
        "GET /readyz",
        "GET /metrics",
        "GET /openapi.json",
        "GET /openapi.yaml",
      ].sort(),
    );
  });

  it("is OpenAPI 3.1, and the same as YAML", () => {
    expect(document.openapi).toBe("3.1.0");
    expect(document.info).toMatchObject({ title: expect.any(String), version: expect.any(String) });
    expect(Object.keys(document).sort()).toEqual([
      "components",
      "info",
      "openapi",
      "paths",
      "security",
      "servers",
      "tags",
    ]);
    expect(parse(yaml)).toEqual(document);
  });

  it("passes a linter's strictest rules, as JSON and as YAML", async () => {
    const config = await createConfig({
      extends: ["recommended-strict"],
      rules: {
        "operation-operationId": "error",
        "operation-parameters-unique": "error",
        "no-invalid-media-type-examples": { severity: "error", allowAdditionalProperties: false },
        "no-invalid-parameter-examples": { severity: "error", allowAdditionalProperties: false },
        "no-invalid-schema-examples": { severity: "error", allowAdditionalProperties: false },
        "no-unused-components": "error",
        "tag-description": "error",
      },
    });
    const problems = async (source: string, absoluteRef: string) => {
      const found = await lintFromString({ source, absoluteRef, config });
      return found.map(({ ruleId, severity, message, location: [at] }) => ({
        ruleId,
        severity,
        message,
        at: at?.pointer,
      }));
    };
    expect(await problems(JSON.stringify(document), "openapi.json")).toEqual([]);
    expect(await problems(yaml, "openapi.yaml")).toEqual([]);
    // A linter that finds nothing anywhere would find nothing here either.
    const { servers: _, ...withoutServers } = document;
    expect(await problems(JSON.stringify(withoutServers), "openapi.json")).toMatchObject([
      { ruleId: "no-empty-servers" },
    ]);
  });

  it("is of the server that it is read from", async () => {
    const api = await openHttpApi({ connections: [serve(tableConnector())], token });
    const { url } = await api.listen({ host: "127.0.0.1", port: 0 });
    const [server] = document.servers ?? [];
    const base = new URL(server?.url ?? "none", `${url}/openapi.json`);
    expect((await fetch(new URL("healthz", base))).status).toBe(200);
    await api.close();
  });

  it("refers to nothing that it lacks, and holds nothing unused", () => {
    const references = [...objectsIn(document)].flatMap(([, { $ref }]) => (typeof $ref === "string" ? [$ref] : []));
    expect(references.length).toBeGreaterThan(50);
    expect(references.filter((reference) => resolve(reference) === undefined)).toEqual([]);
    const schemas = Object.keys(document.components?.schemas ?? {});
    expect(schemas.filter((name) => !references.includes(`#/components/schemas/${name}`))).toEqual([]);
    const responses = Object.keys(document.components?.responses ?? {});
    expect(responses.filter((name) => !references.includes(`#/components/responses/${name}`))).toEqual([]);
  });

  it("declares exactly the parameters of each path", () => {
    for (const { path, operation } of operations()) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const parameters = (operation.parameters ?? []) as OpenAPIV3_1.ParameterObject[];
      const declared = parameters.filter((one) => one.in === "path");
      expect(declared.map(({ name }) => name).sort()).toEqual(named.sort());
      expect(declared.every(({ required }) => required === true)).toBe(true);
      expect(parameters.filter((one) => one.in !== "path").every(({ required }) => required !== true)).toBe(true);
      const keys = parameters.map((one) => `${one.in} ${one.name}`);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  it("names each operation, and describes every answer", () => {
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const tags = new Set(document.tags?.map(({ name }) => name));
    for (const { path, operation } of operations()) {
      expect(operation.operationId, path).toMatch(/^\w+$/);
      expect(operation.summary, path).toMatch(/\w/);
      expect(operation.tags?.every((tag) => tags.has(tag))).toBe(true);
      expect(operation.responses?.["200"]).toMatchObject({
        description: expect.any(String),
        content: expect.anything(),
      });
    }
  });

  it("asks for a bearer token everywhere but for the server's health", () => {
    expect(document.components?.securitySchemes).toEqual({ bearer: { type: "http", scheme: "bearer" } });
    expect(document.security).toEqual([{ bearer: [] }]);
    const open = operations().filter(({ operation }) => operation.security?.length === 0);
    expect(open.map(({ path }) => path)).toEqual(["/healthz", "/readyz"]);
    expect(operations().filter(({ operation }) => operation.security !== undefined)).toHaveLength(2);
  });

  it("tells the failures of every call", () => {
    const statusesOf = (method: string, path: string) => {
      const found = operations().find((one) => one.method === method && one.path === path);
      return Object.keys(found?.operation.responses ?? {});
    };
    expect(statusesOf("POST", entities)).toEqual([
      "200",
      "400",
      "401",
      "403",
      "404",
      "409",
      "413",
      "415",
      "429",
      "500",
      "501",
      "503",
      "504",
    ]);
    expect(statusesOf("GET", `${connection}:checkStatus`)).toEqual([
      "200",
      "400",
      "401",
      "403",
      "404",
      "500",
      "503",
      "504",
    ]);
    expect(statusesOf("POST", `${connection}:refreshAccessToken`)).toContain("501");
    expect(statusesOf("GET", "/metrics")).toEqual(["200", "400", "401"]);
    expect(statusesOf("GET", "/readyz")).toEqual(["200", "400", "503"]);
    for (const response of Object.values(document.components?.responses ?? {})) {
      expect(response).toMatchObject({
        content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
      });
    }
  });

  it("has schemas of JSON Schema's words alone", () => {
    const types = ["array", "boolean", "integer", "null", "number", "object", "string"];
    for (const [path, part] of objectsIn({ paths: document.paths, components: document.components })) {
      if (
        /\/(examples?|properties|responses|headers|securitySchemes)(\/|$)/.test(
          path.replace(/\/properties\/[^/]+/g, ""),
        )
      )
        continue;
      expect(
        Object.keys(part).filter((key) => ["nullable", "readOnly", "$id", "$schema", "id"].includes(key)),
        path,
      ).toEqual([]);
      if (part["type"] !== undefined && !path.includes("securitySchemes")) {
        expect(types, path).toEqual(expect.arrayContaining([part["type"]].flat()));
      }
      if (Array.isArray(part["required"])) {
        const known = Object.keys((part["properties"] ?? {}) as object);
        expect(known, path).toEqual(expect.arrayContaining(part["required"]));
      }
    }
  });

  it("says which bodies may be left out", () => {
    const required = operations().flatMap(({ operation }) => {
      const { requestBody } = operation as { requestBody?: OpenAPIV3_1.RequestBodyObject };
      return requestBody === undefined ? [] : [[operation.operationId, requestBody.required]];
    });
    expect(Object.fromEntries(required)).toEqual({
      createEntity: true,
      updateEntity: true,
      updateEntitiesWithConditions: true,
      deleteEntitiesWithConditions: false,
      executeAction: true,
      executeSqlQuery: true,
      listToolsPost: false,
      executeTool: true,
      exchangeAuthCode: false,
      refreshAccessToken: false,
    });
  });

  it("has the seed's examples", () => {
    const text = JSON.stringify(document);
    for (const example of [
      '{"PaymentMethod":"pm_1OXN5YANHgX3SHp7Q5Y0rb39","Currency":"usd","Amount":1500}',
      '{"fields":{"Name":"John"}}',
      "cus_OxHsz0u5bCGWuy",
      "cus_OxIqiMh1W335rE",
      '{"ReturnUrl":"http://google.com/","PaymentIntentId":"pi_3OggwFANHgX3SHp71AVrNtT3"}',
      '{"InvoiceId":"in_1Obmr5ANHgX3SHp7HKi6bJDu","Success":"true"}',
    ]) {
      expect(text).toContain(example);
    }
  });

  it("is of routes that answer, with their own examples", async () => {
    const connector = tableConnector();
    const api = await openHttpApi({ connections: [serve(connector)], token });
    const { url } = await api.listen({ host: "127.0.0.1", port: 0 });
    for (const { method, path, operation } of operations()) {
      const parameters = (operation.parameters ?? []) as OpenAPIV3_1.ParameterObject[];
      const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
        // What the seed creates is no customer.
        if (name === "entityType" && operation.operationId === "createEntity") return "PaymentIntent";
        const schema = parameters.find((one) => one.in === "path" && one.name === name)?.schema;
        return String((schema as { example?: unknown } | undefined)?.example);
      });
      for (const body of bodiesOf(operation)) {
        const answer = await send(method, `${url}${filled}`, body === undefined ? {} : { body });
        // There is no such customer, and the table knows one statement: the request itself is right.
        const isAnswered =
          answer.status === 200 || /(ENTITY|ACTION|RESOURCE)_NOT_FOUND|SYNTAX_ERROR|NOT_SUPPORTED/.test(answer.text);
        expect(isAnswered, `${method} ${filled}: ${answer.text}`).toBe(true);
      }
    }
    await api.close();
  });
});

/** The examples of an operation's body, or no body at all. */
function bodiesOf({ requestBody }: Operation): readonly unknown[] {
  const media = (requestBody as OpenAPIV3_1.RequestBodyObject | undefined)?.content["application/json"];
  if (media === undefined) return [undefined];
  const examples = Object.values(media.examples ?? {}).map((one) => ("value" in one ? one.value : undefined));
  return [...(media.example === undefined ? [] : [media.example]), ...examples];
}
