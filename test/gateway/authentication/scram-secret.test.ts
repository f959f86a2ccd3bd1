import { describe, expect, it } from "vitest";
import { preparePassword } from "../../../src/gateway/authentication/prepare-password.js";
import {
  deriveScramSecret,
  mockScramSecret,
  parseScramSecret,
  printScramSecret,
} from "../../../src/gateway/authentication/scram-secret.js";

// That of RFC 7677's example.
const kept =
  "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

describe("a SCRAM secret", () => {
  it("is that of a password, as PostgreSQL keeps it", () => {
    const salt = Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64");
    expect(printScramSecret(deriveScramSecret({ password: "pencil", salt }))).toBe(kept);
  });

  it("is read as PostgreSQL keeps it", () => {
    const secret = parseScramSecret(kept);
    expect(secret && printScramSecret(secret)).toBe(kept);
  });

  it.each([
    "pencil",
    "md5d0b42cb2d5dd0b42cb2d5dd0b42cb2d5",
    kept.replace("SCRAM-SHA-256", "SCRAM-SHA-1"),
    kept.replace("4096", "0"),
    kept.replace("4096", "4294967296"),
    kept.replace("4096", "-1"),
    kept.replace("W22Z", "W2!Z"),
    kept.replace("WG5d", ""),
    `${kept}:x`,
    kept.slice(0, -1),
  ])("is not the text %j", (text) => {
    expect(parseScramSecret(text)).toBeUndefined();
  });

  it("of a user that there is not has a salt that stays, and is the user's own", () => {
    const [key, otherKey] = [Buffer.from("one"), Buffer.from("two")];
    const secret = mockScramSecret({ user: "ann", key });
    expect(mockScramSecret({ user: "ann", key })).toEqual(secret);
    expect(secret.salt).toHaveLength(16);
    expect(secret.iterations).toBe(4096);
    expect(mockScramSecret({ user: "bob", key }).salt).not.toEqual(secret.salt);
    expect(mockScramSecret({ user: "ann", key: otherKey }).salt).not.toEqual(secret.salt);
    expect(mockScramSecret({ user: "ann", key, iterations: 10_000 }).iterations).toBe(10_000);
  });
});

describe("a password", () => {
  it.each([
    ["is left as it is in ASCII", "p en\u0007cil", "p en\u0007cil"],
    ["loses what is not seen", "I\u00adX", "IX"],
    ["has its spaces made one kind", "a\u00a0b\u3000c", "a b c"],
    ["is composed", "ﬁe\u0301Ⅸ", "fiéIX"],
    ["keeps what SASLprep prohibits", "é\u0007", "é\u0007"],
    ["keeps directions that SASLprep prohibits", "\u06271é", "\u06271é"],
    ["keeps what Unicode 3.2 had not yet", "é🥨", "é🥨"],
    ["is not made empty", "\u00ad", "\u00ad"],
  ])("%s", (_name, given, expected) => {
    expect(preparePassword(given)).toBe(expected);
  });
});
