/** Shorter texts turn up in innocent ones. */
const shortestSecret = 6;

/**
 * Patterns of a secret in every way in which it may turn up in a text: as it is; quoted as in SQL, escaped as in JSON
 * or a URL, or several of these at once; and within Base64, such as BASIC's of user and password, wherever in it the
 * secret begins.
 */
export function secretSpellings(secret: string): readonly RegExp[] {
  if (secret.length < shortestSecret) return [];
  const bytes = Buffer.from(secret);
  const texts = [[...secret].map(spelledCharacter).join(""), ...[0, 1, 2].map((offset) => withinBase64(bytes, offset))];
  return texts.map((text) => new RegExp(text, "g"));
}

function spelledCharacter(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  const spellings = [
    literal(character),
    [...Buffer.from(character)].map((byte) => `%${anyCase(byte.toString(16).padStart(2, "0"))}`).join(""),
    units.map((unit) => `\\\\+u${anyCase(unit.toString(16).padStart(4, "0"))}`).join(""),
    ...(otherSpellings[character] ?? []),
  ];
  // The longest first: a doubled quote is one quote.
  return `(?:${spellings.reverse().join("|")})`;
}

const otherSpellings: Readonly<Record<string, readonly string[]>> = {
  "'": ["''", "\\\\+'"],
  '"': ['""', '\\\\+"'],
  "\\": ["\\\\{2,8}"],
  "/": ["\\\\+/"],
  " ": ["\\+"],
  "\n": ["\\\\+n"],
  "\r": ["\\\\+r"],
  "\t": ["\\\\+t"],
};

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

/** "c3" as "[cC]3". */
function anyCase(digits: string): string {
  return digits.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

/** The digits that the secret alone decides where so many bytes, or three more, stand before it. */
function withinBase64(secret: Buffer, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), secret]);
  const digits = bytes.toString("base64").slice(Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6));
  return digits.replaceAll("+", "[+-]").replaceAll("/", "[/_]");
}
