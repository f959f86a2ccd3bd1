import { mentionsSecret } from "../stripe/redact-fields.js";
import { readTokensIfWhole } from "../syntax/read-tokens.js";
import type { Token } from "../syntax/token.js";
import { stringValueOf } from "../syntax/token.js";

/** A statement as a log may show it. */
export interface LoggableText {
  readonly text: string;
  /** True where it names a secret field, so that its parameters may be secret as well. */
  readonly namesSecret: boolean;
  /** What was taken out of it, to be taken out of what is said about it too. */
  readonly secrets: readonly string[];
}

/**
 * A statement that names a secret field (`CardCvc`, `"cvc": …`) without any of its literals, since which of
 * them is the secret depends on where it stands; any other statement as it is.
 */
export function hideLiterals(text: string): LoggableText {
  if (!mentionsSecret(text)) return { text, namesSecret: false, secrets: [] };
  const tokens = readTokensIfWhole(text);
  // What cannot be read may hold a secret anywhere.
  if (tokens === undefined) return { text: "***", namesSecret: true, secrets: text.match(/[^\s'"(),;=]+/g) ?? [] };
  const literals = tokens.filter(isLiteral);
  return { text: withoutLiterals(text, literals), namesSecret: true, secrets: literals.map(literalValue) };
}

/** A statement without any of its literals and comments: which one it was, and none of what it held. */
export function withoutValues(text: string): string {
  const tokens = readTokensIfWhole(text);
  if (tokens === undefined) return "***";
  return withoutLiterals(text, tokens.filter(isLiteral)).replace(/\s+/g, " ").trim();
}

function isLiteral({ kind }: Token): boolean {
  return kind === "string" || kind === "number";
}

function withoutLiterals(text: string, literals: readonly Token[]): string {
  let result = "";
  let end = 0;
  for (const token of literals) {
    result += `${text.slice(end, token.start)}***`;
    end = token.start + token.text.length;
  }
  // A comment may name the secret as well as a literal does.
  return stripComments(result + text.slice(end));
}

function stripComments(text: string): string {
  return text.replace(/--.*$|\/\*[\s\S]*?\*\//gm, "");
}

function literalValue(token: Token): string {
  return token.kind === "string" ? stringValueOf(token) : token.text;
}
