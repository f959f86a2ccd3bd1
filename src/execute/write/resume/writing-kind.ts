import type { WriteCall } from "../write-call.js";
import type { WriteSubject } from "../write-journal.js";

/** What one call of a write does: a MERGE has calls of several kinds, of which those that create have no object yet. */
export function writingKind(
  { kind }: Pick<WriteSubject, "kind">,
  { id, method }: Pick<WriteCall, "id" | "method">,
): Exclude<WriteSubject["kind"], "merge"> {
  if (kind !== "merge") return kind;
  if (method === "DELETE") return "delete";
  return id === undefined ? "insert" : "update";
}
