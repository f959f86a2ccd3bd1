import { createHash } from "node:crypto";
import type { ProxyChallenge } from "./proxy-challenge.js";

/** A challenge of Digest that can be answered. */
export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  /** As the proxy spells it; undefined where it does not name one, which means MD5. */
  readonly algorithm: string | undefined;
  /** Node's name of it. */
  readonly hash: string;
  /** The key is made anew for each nonce: "MD5-sess". */
  readonly isSession: boolean;
  /** False for the form of RFC 2069, without a count. */
  readonly isCounted: boolean;
  readonly wantsHashedUser: boolean;
  /** The credentials were right, but their nonce is used up. */
  readonly isStale: boolean;
}

/** The message that is to be let through. */
export interface DigestMessage {
  readonly method: string;
  /** The request's target as it is sent: "api.stripe.com:443" of a CONNECT. */
  readonly uri: string;
}

export interface DigestAnswer {
  readonly user: string;
  readonly password: string;
  /** Of the client's own choice. */
  readonly cnonce: string;
  /** Messages under the nonce so far, this one included. */
  readonly count: number;
}

const hashes: Readonly<Record<string, string>> = { md5: "md5", "sha-256": "sha256", "sha-512-256": "sha512-256" };

/** The challenge's Digest, or undefined where it is of another scheme or of a form that is not known: auth-int alone. */
export function readDigestChallenge({ scheme, parameters }: ProxyChallenge): DigestChallenge | undefined {
  const algorithm = parameters.get("algorithm");
  const hash = hashes[(algorithm ?? "md5").toLowerCase().replace(/-sess$/, "")];
  const nonce = parameters.get("nonce");
  const protections = parameters
    .get("qop")
    ?.split(",")
    .map((word) => word.trim().toLowerCase());
  if (scheme.toLowerCase() !== "digest" || hash === undefined || nonce === undefined) return undefined;
  if (protections !== undefined && !protections.includes("auth")) return undefined;
  return {
    realm: parameters.get("realm") ?? "",
    nonce,
    opaque: parameters.get("opaque"),
    algorithm,
    hash,
    isSession: /-sess$/i.test(algorithm ?? ""),
    isCounted: protections !== undefined,
    wantsHashedUser: parameters.get("userhash")?.toLowerCase() === "true",
    isStale: parameters.get("stale")?.toLowerCase() === "true",
  };
}

/**
 * The value of Proxy-Authorization that answers the challenge. Characters beyond ASCII are UTF-8 in the hashes, and
 * have to be UTF-8 on the wire. Source: RFC 7616, 3.4
 */
export function digestAuthorization(challenge: DigestChallenge, message: DigestMessage, answer: DigestAnswer): string {
  const { realm, nonce, opaque, algorithm, wantsHashedUser, isCounted } = challenge;
  const { user, cnonce } = answer;
  const needsCnonce = isCounted || challenge.isSession;
  const fields = [
    `username=${quoted(wantsHashedUser ? digest(challenge, user, realm) : user)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(message.uri)}`,
    `response=${quoted(response(challenge, message, answer))}`,
    // These three are never quoted.
    ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
    ...(isCounted ? ["qop=auth", `nc=${countText(answer.count)}`] : []),
    ...(needsCnonce ? [`cnonce=${quoted(cnonce)}`] : []),
    ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
    ...(wantsHashedUser ? ["userhash=true"] : []),
  ];
  return `Digest ${fields.join(", ")}`;
}

function response(challenge: DigestChallenge, { method, uri }: DigestMessage, answer: DigestAnswer): string {
  const { realm, nonce, isSession, isCounted } = challenge;
  const { user, password, cnonce, count } = answer;
  const ownKey = digest(challenge, user, realm, password);
  const key = isSession ? digest(challenge, ownKey, nonce, cnonce) : ownKey;
  const use = isCounted ? [countText(count), cnonce, "auth"] : [];
  return digest(challenge, key, nonce, ...use, digest(challenge, method, uri));
}

function digest({ hash }: DigestChallenge, ...parts: readonly string[]): string {
  return createHash(hash).update(parts.join(":")).digest("hex");
}

function countText(count: number): string {
  return count.toString(16).padStart(8, "0");
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
