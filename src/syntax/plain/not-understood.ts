/** Thrown while a query is read for the planner, where a part is not understood. It never leaves that reading. */
export class NotUnderstood extends Error {
  override readonly name = "NotUnderstood";
}
