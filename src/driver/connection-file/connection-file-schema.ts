import { z } from "zod";
import type { JsonObject } from "../../value/json.js";
import { connectionForm } from "./connection-form.js";

/** The JSON Schema, draft 2020-12, of a connection file's form. Terraform's files are of Terraform's. */
export function connectionFileSchema(): JsonObject {
  const { $schema, ...schema } = z.toJSONSchema(connectionForm, { target: "draft-2020-12", io: "input" });
  const titled = { $schema, title: "Connection file of stripe-sql", ...schema };
  return JSON.parse(JSON.stringify(titled));
}
