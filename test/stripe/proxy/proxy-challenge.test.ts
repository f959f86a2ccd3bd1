import { expect, test } from "vitest";
import { parseChallenges } from "../../../src/stripe/proxy/proxy-challenge.js";

const shown = (header: string) =>
  parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);

test("several challenges in one line are told apart", () => {
  expect(
    shown('Digest realm="a, b", nonce="x=y", qop="auth", stale=false, Basic realm="c \\"d\\"", Negotiate'),
  ).toEqual([
    ["Digest", { realm: "a, b", nonce: "x=y", qop: "auth", stale: "false" }],
    ["Basic", { realm: 'c "d"' }],
    ["Negotiate", {}],
  ]);
});

test("names are found in any case, with spaces around equals signs and empty elements", () => {
  expect(shown(' ,, digest REALM = "r" ,nonce= n,,Basic Realm="s"')).toEqual([
    ["digest", { realm: "r", nonce: "n" }],
    ["Basic", { realm: "s" }],
  ]);
});

test("the one long word that some schemes bring is no scheme", () => {
  expect(
    parseChallenges("NTLM TlRMTVNTUAACAAAA==, Negotiate a87421/+000492aa874209af8bc028==").map((one) => one.scheme),
  ).toEqual(["NTLM", "Negotiate"]);
});

test("a header without a challenge has none", () => {
  expect(["", ",", '"', "=", 'realm="r"'].map((header) => parseChallenges(header).length)).toEqual([0, 0, 0, 0, 0]);
});
