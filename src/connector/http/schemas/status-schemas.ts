import { z } from "zod";

export const readiness = z
  .strictObject({ status: z.enum(["READY", "NOT_READY"]) })
  .meta({ id: "CheckReadinessResponse", examples: [{ status: "READY" }] });

export const connectionStatus = z
  .strictObject({ state: z.enum(["ACTIVE", "ERROR", "AUTH_ERROR"]), description: z.string() })
  .meta({ id: "CheckStatusResponse", examples: [{ state: "ACTIVE", description: "Stripe answers." }] });

export const health = z
  .strictObject({ status: z.enum(["OK", "READY"]) })
  .meta({ id: "Health", examples: [{ status: "OK" }] });
