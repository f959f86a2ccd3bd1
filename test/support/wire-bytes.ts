// Messages of PostgreSQL's protocol, built from its description and by nothing of the codec's.
// https://www.postgresql.org/docs/current/protocol-message-formats.html

type Part = Uint8Array | readonly Part[];

export const byte1 = (value: number | string): Uint8Array =>
  typeof value === "string" ? Buffer.from(value, "latin1") : Uint8Array.of(value);

export function int(bits: 16 | 32 | 64, value: number | bigint): Uint8Array {
  const unsigned = BigInt.asUintN(bits, BigInt(value));
  return new Uint8Array(Buffer.from(unsigned.toString(16).padStart(bits / 4, "0"), "hex"));
}

export const int16 = (value: number): Uint8Array => int(16, value);
export const int32 = (value: number): Uint8Array => int(32, value);

export const text = (value: string): Uint8Array => Buffer.from(value, "utf8");
export const string = (value: string): Uint8Array => Buffer.concat([text(value), byte1(0)]);

export function join(...parts: readonly Part[]): Uint8Array {
  const arrays = parts.map((part) => (part instanceof Uint8Array ? part : join(...part)));
  return new Uint8Array(Buffer.concat(arrays));
}

/** A type's letter, the length of what follows the letter, and the body. */
export function message(type: string, ...body: readonly Part[]): Uint8Array {
  return join(byte1(type), packet(...body));
}

/** A message of before the start-up, without a letter. */
export function packet(...body: readonly Part[]): Uint8Array {
  const bytes = join(...body);
  return join(int32(bytes.length + 4), bytes);
}

/** A count of 16 bits and that many items. */
export const counted = (items: readonly Part[]): Uint8Array => join(int16(items.length), ...items);

/** A value behind its length, or the length -1. */
export const value = (bytes: Uint8Array | null): Uint8Array =>
  bytes === null ? int32(-1) : join(int32(bytes.length), bytes);

export const startup = (version: number, parameters: Readonly<Record<string, string>>): Uint8Array =>
  packet(
    int32(version),
    Object.entries(parameters).map(([name, setting]) => [string(name), string(setting)]),
    byte1(0),
  );

/** The bytes one by one. */
export const singly = (bytes: Uint8Array): readonly Uint8Array[] => Array.from(bytes, (byte) => Uint8Array.of(byte));

/** The bytes in two pieces, for every place between them. */
export const everyCut = (bytes: Uint8Array): readonly (readonly [Uint8Array, Uint8Array])[] =>
  Array.from({ length: bytes.length + 1 }, (_, at) => [bytes.slice(0, at), bytes.slice(at)] as const);
