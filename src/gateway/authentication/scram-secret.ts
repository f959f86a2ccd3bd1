import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import { decodeBase64 } from "./base64.js";
import { preparePassword } from "./prepare-password.js";

/** What a server knows of a password: enough to check it, not enough to log in with. Source: RFC 5802, 3 */
export interface ScramSecret {
  readonly iterations: number;
  readonly salt: Uint8Array;
  readonly storedKey: Uint8Array;
  readonly serverKey: Uint8Array;
}

/** As PostgreSQL has them. */
const defaultIterations = 4096;
export const saltBytes = 16;
const keyBytes = 32;

export const sha256 = (data: Uint8Array): Buffer => createHash("sha256").update(data).digest();
export const hmac = (key: Uint8Array, data: Uint8Array | string): Buffer =>
  createHmac("sha256", key).update(data).digest();

export interface SaltedPassword {
  readonly password: string;
  readonly salt: Uint8Array;
  /** Default 4096. */
  readonly iterations?: number;
}

/** The secret of a password; it takes a few milliseconds of the processor. */
export function deriveScramSecret({ password, salt, iterations = defaultIterations }: SaltedPassword): ScramSecret {
  const salted = pbkdf2Sync(preparePassword(password), salt, iterations, keyBytes, "sha256");
  return {
    ...{ iterations, salt },
    storedKey: sha256(hmac(salted, "Client Key")),
    serverKey: hmac(salted, "Server Key"),
  };
}

const secretForm = /^SCRAM-SHA-256\$(\d{1,10}):([^$:]+)\$([^$:]+):([^$:]+)$/;

/**
 * Reads a secret as PostgreSQL keeps it in pg_authid: `SCRAM-SHA-256$4096:salt$StoredKey:ServerKey`, the latter three in
 * base64. Undefined for any other text.
 */
export function parseScramSecret(text: string): ScramSecret | undefined {
  const [, count = "", ...fields] = secretForm.exec(text) ?? [];
  const [salt, storedKey, serverKey] = fields.map(decodeBase64);
  const iterations = Number(count);
  if (iterations < 1 || iterations > 2 ** 31 - 1) return undefined;
  if (salt === undefined || storedKey?.length !== keyBytes || serverKey?.length !== keyBytes) return undefined;
  return { iterations, salt, storedKey, serverKey };
}

/** The reverse of `parseScramSecret`. */
export function printScramSecret({ iterations, salt, storedKey, serverKey }: ScramSecret): string {
  const [saltText, storedText, serverText] = [salt, storedKey, serverKey].map((part) =>
    Buffer.from(part).toString("base64"),
  );
  return `SCRAM-SHA-256$${iterations}:${saltText}$${storedText}:${serverText}`;
}

/** Of whom a secret is made up. */
export interface UnknownUser {
  readonly user: string;
  /** Unknown to anybody outside, and steady: the salt of a user never changes then, as that of a real one does not. */
  readonly key: Uint8Array;
  /** That of the real users' secrets, default 4096. */
  readonly iterations?: number;
}

/** A secret for a user that there is not, which no password fits; the exchange over it is to be `doomed` all the same. */
export function mockScramSecret({ user, key, iterations = defaultIterations }: UnknownUser): ScramSecret {
  const salt = hmac(key, user).subarray(0, saltBytes);
  return { iterations, salt, storedKey: Buffer.alloc(keyBytes), serverKey: Buffer.alloc(keyBytes) };
}
