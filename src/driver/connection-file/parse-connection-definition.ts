import { checkForm } from "./check-form.js";
import type { ConnectionDefinition } from "./connection-definition.js";
import { defineConnection } from "./define-connection.js";
import { objectMistakes } from "./locate-mistakes.js";
import { mistakesError } from "./mistake.js";

/**
 * The definition that an object of the same form as a connection file gives.
 *
 * @throws StripeSqlError 22023, whose detail lists every mistake with its path and rule. No secret is shown.
 */
export function parseConnectionDefinition(object: unknown): ConnectionDefinition {
  const checked = checkForm(object);
  if (checked.kind === "form") return defineConnection(checked.form, undefined);
  throw mistakesError("the connection's definition", objectMistakes(object, checked.mistakes));
}
