import type { KeyObject } from "node:crypto";
import { constants, generateKeyPairSync, sign } from "node:crypto";

/** A key and a certificate that it signed itself, both as PEM. */
export interface SelfSigned {
  readonly key: string;
  readonly cert: string;
}

/** By which key and hash a certificate is signed. */
export type Signature =
  | { readonly kind: "ecdsa" | "rsa" | "rsa-pss"; readonly hash: "sha256" | "sha384" | "sha512" }
  | { readonly kind: "ed25519" };

/** Valid from 2026 to 2036, for the name, or for IPv4 addresses alone where there are some. Source: RFC 5280, 4.1 */
export function selfSignedCertificate(
  commonName: string,
  addresses: readonly string[] = [],
  signature: Signature = { kind: "ecdsa", hash: "sha256" },
): SelfSigned {
  const { privateKey, publicKey } = keysOf(signature);
  const algorithm = algorithmOf(signature);
  const name = sequence(tagged(0x31, sequence(objectId([0x55, 0x04, 0x03]), tagged(0x0c, Buffer.from(commonName)))));
  const body = sequence(
    tagged(0xa0, integer(2)),
    integer(1),
    algorithm,
    name,
    sequence(time("260101000000Z"), time("361231235959Z")),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    ...(addresses.length === 0 ? [] : [tagged(0xa3, sequence(alternativeNames(addresses)))]),
  );
  const signed = tagged(0x03, Buffer.from([0]), signatureOf(body, privateKey, signature));
  const certificate = sequence(body, algorithm, signed).toString("base64");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----\n`,
  };
}

function keysOf({ kind }: Signature): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } {
  if (kind === "ecdsa") return generateKeyPairSync("ec", { namedCurve: "P-256" });
  return kind === "ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("rsa", { modulusLength: 2048 });
}

function signatureOf(body: Buffer, key: KeyObject, signature: Signature): Buffer {
  if (signature.kind === "ed25519") return sign(null, body, key);
  const padding = signature.kind === "rsa-pss" ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  return sign(signature.hash, body, signature.kind === "ecdsa" ? key : { key, padding });
}

const places = ["sha256", "sha384", "sha512"] as const;

/** Source: RFC 5758, 3.2; RFC 4055, 3 and 5; RFC 8410, 3 */
function algorithmOf(signature: Signature): Buffer {
  if (signature.kind === "ed25519") return sequence(objectId([0x2b, 0x65, 0x70]));
  const place = places.indexOf(signature.hash);
  if (signature.kind === "ecdsa") return sequence(objectId([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02 + place]));
  const rsa = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];
  if (signature.kind === "rsa") return sequence(objectId([...rsa, 0x0b + place]), tagged(0x05));
  const hash = sequence(objectId([0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01 + place]), tagged(0x05));
  const mask = sequence(objectId([...rsa, 0x08]), hash);
  return sequence(objectId([...rsa, 0x0a]), sequence(tagged(0xa0, hash), tagged(0xa1, mask)));
}

const sequence = (...parts: readonly Buffer[]) => tagged(0x30, ...parts);
const integer = (value: number) => tagged(0x02, Buffer.from([value]));
const objectId = (bytes: readonly number[]) => tagged(0x06, Buffer.from(bytes));
const time = (text: string) => tagged(0x17, Buffer.from(text));

/** Source: RFC 5280, 4.2.1.6 */
function alternativeNames(addresses: readonly string[]): Buffer {
  const names = addresses.map((address) => tagged(0x87, Buffer.from(address.split(".").map(Number))));
  return sequence(objectId([0x55, 0x1d, 0x11]), tagged(0x04, sequence(...names)));
}

/** Source: X.690, 8.1 */
function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
