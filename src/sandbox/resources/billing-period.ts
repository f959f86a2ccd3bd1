import type { JsonObject } from "../../value/json.js";
import { numberField, objectField, textField } from "../json-field.js";

/** The end of a billing period that starts then, for a price's `recurring`; months keep their day where they have it. */
export function periodEnd(startSeconds: number, price: JsonObject): number {
  const recurring = objectField(price, "recurring") ?? {};
  const count = Math.max(1, numberField(recurring, "interval_count"));
  switch (textField(recurring, "interval")) {
    case "day":
      return startSeconds + count * 86_400;
    case "week":
      return startSeconds + count * 604_800;
    case "year":
      return addMonths(startSeconds, 12 * count);
    default:
      return addMonths(startSeconds, count);
  }
}

export function addMonths(seconds: number, months: number): number {
  const date = new Date(seconds * 1000);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, lastDay));
  return date.getTime() / 1000;
}
