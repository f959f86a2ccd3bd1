// Texts made of well-formed ones by a seed: tokens and characters taken out, doubled, swapped and put in, texts spliced,
// nested, and grown.

/** Numbers from 0 up to 1 that a seed gives again. Source: https://prng.di.unimi.it/splitmix64.c, with 32 bits */
export function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

const noise = [
  ..."()[]{},;.:'\"`$?@#!%^&*-+=/\\|<>~ \t\n\r\0_09azAZ",
  ..."é😀\u00a0\u2028\u200b\ufeff\u0301\u202e＇－",
  ..."\ud800\udfff".split(""),
  ...["--", "/*", "*/", "''", '""', "$$", "::", "->", "->>", "||", "%00", "%C3", "\\u0000", "\\ud800", "&&", "[]"],
  ...["99999999999999999999999", "-9223372036854775808", "1e400", "-1", "0x", "1_0", ".5.5", "NaN", "1e-400", "00"],
  ...["NULL", "SELECT", "FROM", "WHERE", "NOT", "AND", "OR", "IN", "LIKE", "BETWEEN", "IS", "CASE", "END", "INTERVAL"],
  ...["__proto__", "constructor", "toString", "null", "true", "{}", "[1]", '{"a":1}'],
];

const pieces = /\w+|\s+|[^\w\s]/gu;
const brackets = ["()", "[]", "{}", '""', "''", "/**/"];

export function mutate(random, corpus) {
  const pick = (items) => items[Math.floor(random() * items.length)];
  let parts = pick(corpus).match(pieces) ?? [""];
  const place = () => Math.floor(random() * (parts.length + 1));
  const changes = [
    () => parts.splice(place(), 1 + Math.floor(random() * 3)),
    () => parts.splice(place(), 0, pick(parts) ?? ""),
    () => parts.splice(place(), 0, pick(noise)),
    () => parts.splice(place(), 1, pick(noise)),
    () => {
      const [one, other] = [place(), place()];
      [parts[one], parts[other]] = [parts[other] ?? "", parts[one] ?? ""];
    },
    () => {
      const other = pick(corpus).match(pieces) ?? [];
      parts = [...parts.slice(0, place()), ...other.slice(Math.floor(random() * other.length))];
    },
    () => parts.splice(place(), 0, (pick(parts) ?? "x").repeat(1 + Math.floor(random() * 40))),
    () => {
      const [open, close] = [pick(brackets).slice(0, 1), pick(brackets).slice(-1)];
      const depth = 1 + Math.floor(random() ** 4 * 400);
      const [from, to] = [place(), place()].sort((a, b) => a - b);
      parts = [
        ...parts.slice(0, from),
        open.repeat(depth),
        ...parts.slice(from, to),
        close.repeat(depth),
        ...parts.slice(to),
      ];
    },
    () => {
      const at = place();
      const text = parts[at] ?? "";
      const character = Math.floor(random() * (text.length + 1));
      parts[at] = text.slice(0, character) + pick(noise) + text.slice(character + Math.floor(random() * 2));
    },
    () => {
      parts = parts.map((part) => (random() < 0.2 ? part.toUpperCase() : part));
    },
    () => {
      parts = parts.slice(0, place());
    },
    () => {
      // A list of many, or a chain of operators.
      const at = place();
      const glue = pick([", ", " AND ", " OR ", " + ", " || ", ".", " ", "&", ";", " UNION ALL SELECT "]);
      parts.splice(
        at,
        0,
        glue + Array.from({ length: Math.floor(random() ** 3 * 300) }, () => pick(parts) ?? "").join(glue),
      );
    },
  ];
  const count = 1 + Math.floor(random() * 4);
  for (let change = 0; change < count; change += 1) pick(changes)();
  return parts.join("");
}
