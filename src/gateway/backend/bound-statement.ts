import type { BoundStatement } from "../../protocol/frontend-messages.js";
import type { RunContext } from "../session/session-backend.js";

/** A text with the values and formats that its client gave. */
export function boundStatement(
  text: string,
  { parameters, resultFormats }: Pick<RunContext, "parameters" | "resultFormats">,
): BoundStatement {
  return {
    text,
    parameterTypes: parameters.types,
    parameterFormats: parameters.formats,
    parameters: parameters.values,
    resultFormats,
  };
}
