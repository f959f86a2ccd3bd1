import { expect, test } from "vitest";
import type { ProxyCredentials } from "../../../src/stripe/proxy/proxy-credentials.js";
import { proxyCredentials } from "../../../src/stripe/proxy/proxy-credentials.js";
import type { ProxyOptions } from "../../../src/stripe/proxy/proxy-options.js";

function credentials(parts: Partial<ProxyOptions>): ProxyCredentials {
  const proxy = { host: "proxy.test", port: 3128, user: "ada", password: "secret", sslType: "AUTO" } as const;
  return proxyCredentials({ ...proxy, authScheme: "DIGEST", ...parts });
}

const message = { method: "GET", uri: "http://stripe.test/v1/customers" };

function challenge(nonce: string, stale = "false"): string {
  return `Digest realm="r", nonce="${nonce}", qop="auth", stale=${stale}, Basic realm="r"`;
}

/** "n1 00000002": nonce and count of an answer. */
function useOf(authorization: string | undefined): string | undefined {
  const nonce = /nonce="(\w+)"/.exec(authorization ?? "")?.[1];
  return nonce && `${nonce} ${/nc=(\w+)/.exec(authorization ?? "")?.[1]}`;
}

test("NONE says nothing, whatever is asked", () => {
  const login = credentials({ authScheme: "NONE" }).begin(message);
  expect([login.authorization, login.answer(challenge("n1"))]).toEqual([undefined, undefined]);
});

test("BASIC sends user and password at once, in UTF-8, and nothing else later", () => {
  const login = credentials({ authScheme: "BASIC", user: "ädä", password: 'p:ä"ß%40 ' }).begin(message);
  expect(login.authorization).toBe(`Basic ${Buffer.from('ädä:p:ä"ß%40 ', "utf8").toString("base64")}`);
  expect(login.answer(challenge("n1"))).toBeUndefined();
});

test("DIGEST waits to be asked, then keeps the nonce and counts its uses", () => {
  const digest = credentials({});
  const first = digest.begin(message);
  expect(first.authorization).toBeUndefined();
  expect(useOf(first.answer(challenge("n1")))).toBe("n1 00000001");
  first.accepted();
  const second = digest.begin(message);
  expect(useOf(second.authorization)).toBe("n1 00000002");
  second.accepted();
  expect(useOf(digest.begin(message).authorization)).toBe("n1 00000003");
});

test("no two messages at once use one nonce", () => {
  const digest = credentials({});
  const logins = ["n1", "n2"].map((nonce) => ({ login: digest.begin(message), nonce }));
  for (const { login, nonce } of logins) expect(useOf(login.answer(challenge(nonce)))).toBe(`${nonce} 00000001`);
  for (const { login } of logins) login.accepted();
  const next = [digest.begin(message), digest.begin(message), digest.begin(message)];
  expect(next.map(({ authorization }) => useOf(authorization))).toEqual(["n2 00000002", "n1 00000002", undefined]);
});

test("a nonce that is used up is replaced, one that is new and refused means wrong credentials", () => {
  const digest = credentials({});
  const first = digest.begin(message);
  first.answer(challenge("n1"));
  first.accepted();
  const second = digest.begin(message);
  expect(useOf(second.authorization)).toBe("n1 00000002");
  expect(useOf(second.answer(challenge("n2", "true")))).toBe("n2 00000001");
  expect(second.answer(challenge("n3"))).toBeUndefined();
});

test("a kept nonce that the proxy no longer knows is replaced though it is not called stale", () => {
  const digest = credentials({});
  const first = digest.begin(message);
  first.answer(challenge("n1"));
  first.accepted();
  expect(useOf(digest.begin(message).answer(challenge("n2")))).toBe("n2 00000001");
});

test("a proxy that calls every nonce stale is not asked for ever", () => {
  const login = credentials({}).begin(message);
  const answers = ["n1", "n2", "n3", "n4"].map((nonce) => useOf(login.answer(challenge(nonce, "true"))));
  expect(answers).toEqual(["n1 00000001", "n2 00000001", "n3 00000001", undefined]);
});

test("DIGEST has no answer to other schemes", () => {
  expect(credentials({}).begin(message).answer('Basic realm="r", Negotiate')).toBeUndefined();
});
