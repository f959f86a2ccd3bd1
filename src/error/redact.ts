type Replacement = string | ((whole: string, ...groups: readonly string[]) => string);

const secretPatterns: readonly (readonly [RegExp, Replacement])[] = [
  // API keys and webhook secrets: sk_live_…, sk_org_live_…, rk_test_…, whsec_…, ek_…
  [/\b((?:sk|rk|ek|uk)_(?:org_)?(?:live|test)_|whsec_)[A-Za-z0-9]+/g, "$1***"],
  // Client secrets: pi_…_secret_…, accs_secret__…; a checkout session's is encoded as in a URL, %2F and all.
  [/(_secret_)[\w%-]+/g, "$1***"],
  // Card numbers: 13 to 19 digits, bare or in groups, starting as a card network's do.
  [/\b[2-6]\d{3}([ -]?)\d{4}\1\d{4}\1\d{1,7}\b/g, "[card number]"],
  // American Express writes its 15 digits in groups of 4, 6 and 5.
  [/\b3[47]\d{2}([ -])\d{6}\1\d{5}\b/g, "[card number]"],
  // Passwords inside URLs; Redis has them without a user too.
  [/(\/\/[^/\s:@]*:)[^/\s@]+@/g, "$1***@"],
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
  return secretPatterns.reduce(
    (result, [pattern, replacement]) =>
      typeof replacement === "string" ? result.replace(pattern, replacement) : result.replace(pattern, replacement),
    text,
  );
}
