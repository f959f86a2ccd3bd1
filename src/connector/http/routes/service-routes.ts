import { z } from "zod";
import type { HttpApp } from "../http-app.js";
import type { HttpMetrics } from "../http-metrics.js";

const text = (contentType: string) => ({ description: "Text.", content: { [contentType]: { schema: z.string() } } });
const openApi = z.looseObject({}).meta({ description: "This description." });

/** What the API says of itself. */
export function addServiceRoutes(app: HttpApp, metrics: HttpMetrics): void {
  app.get(
    "/metrics",
    {
      schema: {
        operationId: "metrics",
        summary: "Numbers for Prometheus",
        tags: ["service"],
        response: { 200: text("text/plain") },
      },
    },
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.print()),
  );
  app.get(
    "/openapi.json",
    {
      schema: {
        operationId: "openApiJson",
        summary: "This description",
        tags: ["service"],
        response: { 200: openApi },
      },
    },
    async () => ({ ...app.swagger() }),
  );
  app.get(
    "/openapi.yaml",
    {
      schema: {
        operationId: "openApiYaml",
        summary: "This description as YAML",
        tags: ["service"],
        response: { 200: text("application/yaml") },
      },
    },
    async (_request, reply) => reply.type("application/yaml").send(app.swagger({ yaml: true })),
  );
}
