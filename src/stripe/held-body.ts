const heldBody = "stripe-sql-body";

type Body = Readonly<Record<string, unknown>>;

/**
 * The SDK takes any body with a field `error` for a failure, that of an answer of 200 too, as of a report run that
 * failed. Such a body is handed to it within another.
 */
export function holdBody(body: Body): Body {
  return body["error"] ? { [heldBody]: body } : body;
}

/** The body itself, with what the SDK hangs on its answers. */
export function releaseBody<Answer extends object>(answer: Answer): Answer {
  const held = (answer as Readonly<Record<string, unknown>>)[heldBody];
  if (typeof held !== "object" || held === null) return answer;
  const lastResponse: unknown = Reflect.get(answer, "lastResponse");
  return Object.defineProperty(held as Answer, "lastResponse", { value: lastResponse, enumerable: false });
}
