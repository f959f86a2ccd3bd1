import fc from "fast-check";
import { expect, test } from "vitest";
import { secretSpellings } from "../../src/driver/secret-spellings.js";

const hide = (text: string, secret: string) =>
  secretSpellings(secret).reduce((result, spelling) => result.replaceAll(spelling, "***"), text);

const spelled: Readonly<Record<string, (secret: string) => string>> = {
  plain: (secret) => secret,
  sql: (secret) => `'${secret.replaceAll("'", "''")}'`,
  json: (secret) => JSON.stringify({ a: secret }),
  url: (secret) => `http://u:${encodeURIComponent(secret)}@h`,
  form: (secret) => new URLSearchParams({ a: secret }).toString(),
  "JSON in SQL": (secret) => `'${JSON.stringify({ a: secret }).replaceAll("'", "''")}'`,
  "JSON in JSON": (secret) => JSON.stringify({ a: JSON.stringify([secret]) }),
  "JSON of ASCII alone": (secret) =>
    JSON.stringify(secret).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
};

test("a short text is left: it turns up anywhere", () => {
  expect(secretSpellings("abcde")).toEqual([]);
  expect(secretSpellings("")).toEqual([]);
});

test("a secret is found in SQL, JSON, URLs and forms", () => {
  for (const secret of ["hunter2hunter2", 'it\'s "quoted"', "a+b/c=d&e f", "pässwörd", "back\\slash\n", "100%sure"]) {
    for (const [name, spell] of Object.entries(spelled)) {
      expect(hide(spell(secret), secret), `${name}: ${secret}`).toBe(spell("SECRET").replace("SECRET", "***"));
    }
  }
});

test("a secret is found within Base64 of anything, wherever it begins", () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 6, unit: "grapheme" }), fc.string(), (before, secret, after) => {
      const text = Buffer.from(`${before}${secret}${after}`);
      for (const encoding of ["base64", "base64url"] as const) {
        expect(hide(text.toString(encoding), secret)).toContain("***");
      }
    }),
  );
});
