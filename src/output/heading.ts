import type { ResultColumn } from "../driver/api.js";

/** What stands over a column: columns beside each other may have one heading. */
export function headingOf({ name, heading }: ResultColumn): string {
  return heading ?? name;
}
