import { redactCards } from "./redact-cards.js";

type Replacement = string | ((whole: string, ...groups: readonly string[]) => string);

const secretPatterns: readonly (readonly [RegExp, Replacement])[] = [
  // API keys and webhook secrets, whatever they hold: sk_live_…, sk_org_live_…, rk_test_…, whsec_…, ek_…
  [/(?<![A-Za-z])((?:sk|rk|ek|uk)_(?:org_)?(?:live|test)_|whsec_)[^\s'"`,;:<>()[\]{}&|]+/g, "$1***"],
  // Client secrets: pi_…_secret_…, accs_secret__…; a checkout session's is encoded as in a URL, %2F and all.
  [/(_secret_)[^\s'"`,;:<>()[\]{}&|]+/g, "$1***"],
  // A card's security code beside its name, in SQL, JSON or a form.
  [/((?:cvc|cvv)2?|security_?code)(["'\])]*\s*(?:=>?|:)\s*["']?)\d{3,4}(?!\d)/gi, "$1$2***"],
  // Headers that let their sender in, to the line's end.
  [
    /\b((?:proxy-)?authorization|(?:set-)?cookie|x-api-key)(["']?\s*:\s*["']?)(?!\s*(?:Basic|Bearer)\s)[^\r\n"']+/gi,
    "$1$2***",
  ],
  [/\b(Bearer\s+)(?!ya29\.|eyJ)[\w.~+/-]{16,}=*/g, "$1***"],
  // Passwords inside URLs, which may hold what a URL would encode; Redis has them without a user too. Bounded, so that
  // a text of many slashes and colons takes no longer than another.
  [/(\/\/[^/\s:@"']*:)(?!\d{1,5}\/)[^\s"'<>]{1,500}@/g, "$1***@"],
  // User and password of BASIC authentication.
  [/\b(Basic\s+)([A-Za-z0-9+/]{4,}={0,2})/gi, (whole, scheme, text) => (isBasic(text) ? `${scheme}***` : whole)],
  // Google's access tokens, signed tokens, and the private keys that sign them.
  [/\b(ya29\.)[\w.-]+/g, "$1***"],
  [/\beyJ[\w-]+\.eyJ[\w-]+\.[\w-]*/g, "[token]"],
  [/-----BEGIN ([A-Z ]*)PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, "[private key]"],
];

/** True for what decodes to "user:password"; a word after "basic" does not. */
function isBasic(text = ""): boolean {
  if (text.length % 4 !== 0) return false;
  return /^[\x20-\x7e]*:[\x20-\x7e\x80-\xff]*$/.test(atob(text));
}

/** Replaces API keys, client secrets, card numbers and URL passwords in a text that may be shown or logged. */
export function redact(text: string): string {
  const redacted = secretPatterns.reduce(
    (result, [pattern, replacement]) =>
      typeof replacement === "string" ? result.replace(pattern, replacement) : result.replace(pattern, replacement),
    text,
  );
  return redactCards(redacted);
}
