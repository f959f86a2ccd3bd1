import { redactFields } from "../stripe/redact-fields.js";
import { jsonText } from "../value/exact-number.js";
import type { Json } from "../value/json.js";

/** What stands where something secret was. */
const masks = /\*\*\*|\[(?:card number|token|private key)\]/g;

/** Parameters as a file may hold them: as they are, or, where something in them is secret, without that. */
export function keptParameters(parameters: Readonly<Record<string, Json>>): {
  readonly text: string;
  readonly isWhole: boolean;
} {
  const text = jsonText(parameters);
  const redacted = jsonText(redactFields(parameters));
  // Texts that hold JSON come back written anew: that alone makes no difference.
  const isWhole = countOf(redacted) === countOf(text);
  return { text: isWhole ? text : redacted, isWhole };
}

const countOf = (text: string): number => text.match(masks)?.length ?? 0;
