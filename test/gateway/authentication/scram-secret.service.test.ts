import * as fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  deriveScramSecret,
  parseScramSecret,
  printScramSecret,
} from "../../../src/gateway/authentication/scram-secret.js";
import type { PostgresServer } from "../../support/postgres-server.js";
import { startPostgresServer } from "../../support/postgres-server.js";

let postgres: PostgresServer;

beforeAll(async () => {
  postgres = await startPostgresServer();
});
afterAll(() => postgres.close());

const tricky = [
  ..."aZ1 'é".split(""),
  ...["\u00a0", "\u3000", "\u00ad", "\u200b", "\u2060", "\ufeff", "\u0301", "\u0007", "\u0085", "\ue000", "\ufffd"],
  ...["ﬁ", "Ⅸ", "ª", "①", "ß", "ı", "Å", "한", "\u1100\u1161", "ソ", "ﾊﾟ"],
  ...["\u0627", "\u05d0", "\u0660", "\u06dd", "1", "\u200f", "😀", "🥨", "\u0221", "\u{1d11e}", "\u{e0001}", "\ufdd0"],
];

it("of any password is the one that PostgreSQL keeps for it", () => {
  const word = fc
    .array(fc.oneof(fc.constantFrom(...tricky), fc.string({ unit: "binary", maxLength: 1 })), {
      minLength: 1,
      maxLength: 6,
    })
    .map((characters) => characters.join(""))
    .filter((text) => text !== "" && !text.includes("\0") && !/\p{Surrogate}/u.test(text));
  const passwords = [...tricky, ...fc.sample(word, { numRuns: 1500, seed: 20261101 })];
  const roles = passwords.map(
    (password, index) => `CREATE ROLE r${index} PASSWORD '${password.replaceAll("'", "''")}';`,
  );
  const kept = postgres.rows(
    `SET password_encryption = 'scram-sha-256'; ${roles.join("\n")}
     SELECT rolpassword FROM pg_authid WHERE rolname ~ '^r[0-9]+$' ORDER BY substr(rolname, 2)::int;`,
  );
  expect(kept).toHaveLength(passwords.length);
  const others = passwords.filter((password, index) => {
    const [text = ""] = kept[index] ?? [];
    const salt = parseScramSecret(text ?? "")?.salt ?? new Uint8Array(0);
    return printScramSecret(deriveScramSecret({ password, salt })) !== text;
  });
  expect(others).toEqual([]);
});
