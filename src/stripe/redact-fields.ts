import { redact } from "../error/redact.js";
import { ExactNumber } from "../value/exact-number.js";

const mask = "***";

/** How names of fields end whose values are secret, in lower case and without separators. */
const secretEnding =
  /(cvc2?|cvv2?|securitycode|secret|password|passwd|passphrase|cardnumber|encryptednumber|accountnumber|iban|idnumber|ssn|ssnlast4|authorization|cookie|signature|apikey|privatekey|accesstoken|refreshtoken|assertion)$/;

/** Objects whose `url` lets whoever holds it in. Source: https://docs.stripe.com/api/accounts/login_link/object */
const bearerLinks = new Set(["account_link", "login_link", "billing_portal.session", "v2.core.account_link"]);

/** True for a field that holds a secret by its name: `cvc`, `CardCvc`, `card[cvc]`, `client_secret`. */
export function isSecretName(name: string): boolean {
  return secretEnding.test(name.toLowerCase().replace(/[^a-z0-9]/g, ""));
}

/** True for an object whose `url` lets in whoever holds it. */
export function isBearerLink(object: object): boolean {
  return "object" in object && typeof object.object === "string" && bearerLinks.has(object.object);
}

/** True for a text with a word in it that names a secret field. */
export function mentionsSecret(text: string): boolean {
  return text.split(/[^A-Za-z0-9_]+/).some(isSecretName);
}

/**
 * The value without secrets: fields that are secret by name, at any depth and in JSON within texts, and whatever
 * `redact` finds in the other texts. `hidden` are further texts to take out, such as a key of an unknown form.
 */
export function redactFields(value: unknown, hidden: Iterable<string | RegExp> = []): unknown {
  // What is hidden goes first: half of it may look like a secret of another kind.
  return redactNamed(value, "", (text) => redact(hideAll(text, hidden)));
}

/** The same for a form or a query: `card[number]=4242…&card[cvc]=123`. */
export function redactForm(text: string): string {
  return text
    .split("&")
    .map((pair) => {
      const [name = "", value] = splitOnce(pair);
      return value === undefined
        ? redact(decoded(pair))
        : `${decoded(name)}=${redactPair(decoded(name), decoded(value))}`;
    })
    .join("&");
}

/** The same for a path with a query. */
export function redactPath(pathAndQuery: string): string {
  const [path = "", query] = splitOnce(pathAndQuery, "?");
  return query === undefined ? redact(decoded(path)) : `${redact(decoded(path))}?${redactForm(query)}`;
}

type RedactText = (text: string) => string;

function redactNamed(value: unknown, name: string, redactText: RedactText): unknown {
  if (value === null || value === undefined || typeof value === "boolean") return value;
  if (isSecretName(name)) return mask;
  if (typeof value === "string") return redactString(value, redactText);
  if (typeof value === "number" || typeof value === "bigint") return redactNumber(value, redactText);
  if (value instanceof ExactNumber) return redactText(value.text);
  if (Array.isArray(value)) return value.map((item: unknown) => redactNamed(item, name, redactText));
  if (value instanceof Date || typeof value !== "object") return value;
  const isLink = isBearerLink(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, field]: [string, unknown]) => [
      redactText(key),
      isLink && key === "url" ? mask : redactNamed(field, `${name} ${key}`, redactText),
    ]),
  );
}

/** A text may hold JSON, such as a parameter for a JSON column. */
function redactString(text: string, redactText: RedactText): string {
  const json = /^\s*[{[]/.test(text) ? parsed(text) : undefined;
  return json === undefined ? redactText(text) : JSON.stringify(redactNamed(json, "", redactText));
}

/** A card number may come as a number. */
function redactNumber(value: number | bigint, redactText: RedactText): number | bigint | string {
  const text = String(value);
  // The digits of a fraction are no card's.
  const redacted = typeof value === "bigint" || Number.isInteger(value) ? redactText(text) : text;
  if (redacted !== text) return redacted;
  return typeof value === "bigint" && !Number.isSafeInteger(Number(value)) ? text : Number(value);
}

function redactPair(name: string, value: string): string {
  return isSecretName(name) ? mask : redactString(value, redact);
}

function hideAll(text: string, hidden: Iterable<string | RegExp>): string {
  let result = text;
  for (const secret of hidden) result = result.replaceAll(secret, mask);
  return result;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Text that is not encoded as a URL's is taken as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

function splitOnce(text: string, separator = "="): readonly [string, string | undefined] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, undefined] : [text.slice(0, index), text.slice(index + 1)];
}
