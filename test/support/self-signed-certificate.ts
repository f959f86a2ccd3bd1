import { generateKeyPairSync, sign } from "node:crypto";

/** A key and a certificate that it signed itself, both as PEM. */
export interface SelfSigned {
  readonly key: string;
  readonly cert: string;
}

/** Valid from 2026 to 2036, for the name, or for IPv4 addresses alone where there are some. Source: RFC 5280, 4.1 */
export function selfSignedCertificate(commonName: string, addresses: readonly string[] = []): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = sequence(objectId([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]));
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
  const signature = tagged(0x03, Buffer.from([0]), sign("sha256", body, privateKey));
  const certificate = sequence(body, algorithm, signature).toString("base64");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----\n`,
  };
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
