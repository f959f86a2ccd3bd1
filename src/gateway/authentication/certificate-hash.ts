import { createHash, X509Certificate } from "node:crypto";

/** Hashes by the object identifiers of the signatures that use them; MD5 and SHA-1 give way to SHA-256. */
const hashOfSignature: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.1.4": "sha256",
  "1.2.840.113549.1.1.5": "sha256",
  "1.2.840.113549.1.1.11": "sha256",
  "1.2.840.113549.1.1.12": "sha384",
  "1.2.840.113549.1.1.13": "sha512",
  "1.2.840.113549.1.1.14": "sha224",
  "1.2.840.10045.4.1": "sha256",
  "1.2.840.10045.4.3.1": "sha224",
  "1.2.840.10045.4.3.2": "sha256",
  "1.2.840.10045.4.3.3": "sha384",
  "1.2.840.10045.4.3.4": "sha512",
};

const pssSignature = "1.2.840.113549.1.1.10";
const hashes: Readonly<Record<string, string>> = {
  "1.2.840.113549.2.5": "sha256",
  "1.3.14.3.2.26": "sha256",
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
  "2.16.840.1.101.3.4.2.4": "sha224",
};

/**
 * What a client binds itself to, "tls-server-end-point": the hash of the server's certificate, which is given as PEM or
 * DER, by the hash that its signature uses. Undefined where the signature names none (Ed25519): channel binding is not
 * defined then, and not to be offered.
 * Source: RFC 5929, 4.1
 */
export function certificateHash(certificate: string | Uint8Array): Uint8Array | undefined {
  const { raw } = new X509Certificate(certificate);
  const hash = signatureHash(raw);
  return hash === undefined ? undefined : createHash(hash).update(raw).digest();
}

function signatureHash(certificate: Buffer): string | undefined {
  const [whole] = elementsOf(certificate);
  const [, algorithm] = elementsOf(whole?.content);
  const [identifier, parameters] = elementsOf(algorithm?.content);
  const name = identifierText(identifier?.content);
  return name === pssSignature ? pssHash(parameters?.content) : hashOfSignature[name];
}

/** The hash is the first of the parameters, [0]; SHA-1 where it is left out. Source: RFC 4055, 3.1 */
function pssHash(parameters: Buffer | undefined): string | undefined {
  const given = elementsOf(parameters).find(({ tag }) => tag === 0xa0);
  if (given === undefined) return "sha256";
  const [algorithm] = elementsOf(given.content);
  const [identifier] = elementsOf(algorithm?.content);
  return hashes[identifierText(identifier?.content)];
}

interface Element {
  readonly tag: number;
  readonly content: Buffer;
}

/** What stands side by side in DER that OpenSSL has read already. Source: X.690, 8.1 */
function elementsOf(der: Buffer | undefined): readonly Element[] {
  const elements: Element[] = [];
  for (let offset = 0; der !== undefined && offset + 2 <= der.length; ) {
    const [tag, size] = [der.readUInt8(offset), der.readUInt8(offset + 1)];
    const lengthBytes = size < 0x80 ? 0 : size & 0x7f;
    const start = offset + 2 + lengthBytes;
    const length = lengthBytes === 0 ? size : der.readUIntBE(offset + 2, lengthBytes);
    elements.push({ tag, content: der.subarray(start, start + length) });
    offset = start + length;
  }
  return elements;
}

/** "1.2.840.113549": numbers of seven bits a byte, the first of which holds two. Source: X.690, 8.19 */
function identifierText(content: Buffer | undefined): string {
  const numbers: number[] = [];
  let number = 0;
  for (const byte of content ?? []) {
    number = number * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    numbers.push(number);
    number = 0;
  }
  const [both = 0, ...rest] = numbers;
  const first = Math.min(2, Math.floor(both / 40));
  return [first, both - 40 * first, ...rest].join(".");
}
