import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { DigestChallenge } from "../../../src/stripe/proxy/digest-authorization.js";
import { digestAuthorization, readDigestChallenge } from "../../../src/stripe/proxy/digest-authorization.js";
import { parseChallenges } from "../../../src/stripe/proxy/proxy-challenge.js";

function challengeOf(header: string): DigestChallenge {
  const [challenge] = parseChallenges(header).map(readDigestChallenge);
  if (challenge === undefined) throw new Error("no challenge of Digest");
  return challenge;
}

/** The answer's fields by name, as they stand. */
function fieldsOf(authorization: string): Readonly<Record<string, string>> {
  expect(authorization).toMatch(/^Digest /);
  const fields = authorization.slice("Digest ".length).split(/, (?=\w+=)/);
  return Object.fromEntries(
    fields.map((field) => [field.slice(0, field.indexOf("=")), field.slice(field.indexOf("=") + 1)]),
  );
}

const get = { method: "GET", uri: "/dir/index.html" };

/** RFC 7616, 3.9.1 */
const http = {
  challenge: (algorithm: string) =>
    `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, ` +
    `nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`,
  answer: {
    user: "Mufasa",
    password: "Circle of Life",
    cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
    count: 1,
  },
};

test.each([
  ["MD5", "8ca523f5e9506fed4657c9700eebdbec"],
  ["SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"],
])("RFC 7616's example of %s", (algorithm, response) => {
  expect(fieldsOf(digestAuthorization(challengeOf(http.challenge(algorithm)), get, http.answer))).toEqual({
    username: '"Mufasa"',
    realm: '"http-auth@example.org"',
    uri: '"/dir/index.html"',
    algorithm,
    nonce: '"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"',
    nc: "00000001",
    cnonce: '"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"',
    qop: "auth",
    response: `"${response}"`,
    opaque: '"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
  });
});

// The values are those of the RFC's erratum 4897: its text cut SHA-512 short.
test("RFC 7616's example of SHA-512-256, with the user's name hashed and in UTF-8", () => {
  const challenge = challengeOf(
    'Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, ' +
      'nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", ' +
      'opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", charset=UTF-8, userhash=true',
  );
  const answer = {
    user: "Jäsøn Doe",
    password: "Secret, or not?",
    cnonce: "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v",
    count: 1,
  };
  expect(fieldsOf(digestAuthorization(challenge, { method: "GET", uri: "/doe.json" }, answer))).toMatchObject({
    username: '"793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b"',
    response: '"3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5"',
    userhash: "true",
  });
});

/** RFC 2617, 3.5, and RFC 2069, 2.4 with its erratum's response. */
test("the examples of the RFCs before it", () => {
  const challenge = challengeOf(
    'Digest realm="testrealm@host.com", qop="auth,auth-int", ' +
      'nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
  );
  const answer = { user: "Mufasa", password: "Circle Of Life", cnonce: "0a4f113b", count: 1 };
  const fields = fieldsOf(digestAuthorization(challenge, get, answer));
  expect(fields["response"]).toBe('"6629fae49393a05397450978507c4ef1"');
  expect(fields["algorithm"]).toBeUndefined();
  const old = challengeOf(
    'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
  );
  const oldFields = fieldsOf(digestAuthorization(old, get, { ...answer, password: "CircleOfLife" }));
  expect(oldFields["response"]).toBe('"1949323746fe6a43ef61f9606e7febea"');
  expect([oldFields["qop"], oldFields["nc"], oldFields["cnonce"]]).toEqual([undefined, undefined, undefined]);
});

test("a session's key is made of the nonce too", () => {
  const md5 = (text: string) => createHash("md5").update(text).digest("hex");
  const challenge = challengeOf('Digest realm="r", nonce="n", qop=auth, algorithm=MD5-sess');
  const answer = { user: "u", password: "p", cnonce: "c", count: 2 };
  const expected = md5(`${md5(`${md5("u:r:p")}:n:c`)}:n:00000002:c:auth:${md5("CONNECT:host:443")}`);
  const fields = fieldsOf(digestAuthorization(challenge, { method: "CONNECT", uri: "host:443" }, answer));
  expect(fields).toMatchObject({ response: `"${expected}"`, algorithm: "MD5-sess", nc: "00000002" });
});

test("quotes and backslashes in names are escaped", () => {
  const challenge = challengeOf('Digest realm="the \\"inner\\" realm", nonce="n", qop="auth"');
  const fields = fieldsOf(
    digestAuthorization(challenge, get, { user: 'a"b\\c', password: "p", cnonce: "c", count: 1 }),
  );
  expect(fields).toMatchObject({ username: '"a\\"b\\\\c"', realm: '"the \\"inner\\" realm"' });
});

test("a challenge of another scheme or of an unknown form is none", () => {
  const headers = [
    'Basic realm="r"',
    'Digest realm="r", nonce="n", qop="auth-int"',
    'Digest realm="r", nonce="n", qop="auth", algorithm=SHA-3',
    'Digest realm="r", qop="auth"',
  ];
  expect(headers.flatMap(parseChallenges).map(readDigestChallenge)).toEqual(headers.map(() => undefined));
});
