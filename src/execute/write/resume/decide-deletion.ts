import { StripeSqlError } from "../../../error/stripe-sql-error.js";
import { isMissingObject } from "../../../stripe/is-missing-object.js";
import type { JsonObject } from "../../../value/json.js";
import type { StatementContext } from "../../statement-context.js";
import type { Decision } from "./decision.js";
import { readObject } from "./read-object.js";
import type { UnsettledCall, UnsettledWrite } from "./unsettled-write.js";

/** Clocks differ. */
const marginMs = 5 * 60 * 1000;

/** A deletion that has no key is sent again, unless its object is gone, or another has been made under its id since. */
export async function decideDeletion(
  write: UnsettledWrite,
  unsettled: UnsettledCall,
  context: StatementContext,
): Promise<Decision> {
  const { id } = unsettled.call;
  const settled = (message: string): Decision => ({ kind: "settled", unsettled, state: "written", id, message });
  const object = await currentObject(unsettled, context);
  if (object === "missing" || (typeof object === "object" && object["deleted"] === true)) return settled("it is gone");
  if (object === "unknown") return { kind: "send", unsettled };
  if (object["status"] === "canceled") return settled("it is canceled");
  const created = object["created"];
  if (!takesOwnIds(write) || typeof created !== "number") return { kind: "send", unsettled };
  if (created * 1000 > write.lastMs + marginMs) return settled("it was gone: what has its id now was made later");
  if (created * 1000 < unsettled.sentMs - marginMs) return { kind: "send", unsettled };
  return {
    ...{ kind: "undecided", unsettled },
    message: "what has its id now was made at about the time of the deletion: it may be another object",
  };
}

/** An object whose id Stripe makes is never made again. */
function takesOwnIds({ table }: UnsettledWrite): boolean {
  return table?.create?.parameters.some(({ path }) => path.length === 1 && path[0] === "id") === true;
}

/** "unknown": there is no asking for it. */
async function currentObject(
  { call }: UnsettledCall,
  context: StatementContext,
): Promise<JsonObject | "missing" | "unknown"> {
  try {
    return await readObject(call, context);
  } catch (error) {
    if (isMissingObject(error)) return "missing";
    if (error instanceof StripeSqlError && (error.stripe.status === 404 || error.stripe.status === 400))
      return "unknown";
    throw error;
  }
}
