/**
 * The fields of an ErrorResponse or NoticeResponse, by their letters: C the SQLSTATE, M the message, P the position.
 * Source: https://www.postgresql.org/docs/18/protocol-error-fields.html
 */
export type ErrorFields = Readonly<Record<string, string>>;

/** Reads the fields of a whole frame. */
export function errorFields(frame: Uint8Array): ErrorFields {
  const fields: Record<string, string> = {};
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
  for (let at = 5; at < bytes.length && bytes[at] !== 0; ) {
    const end = bytes.indexOf(0, at + 1);
    fields[String.fromCharCode(bytes[at] ?? 0)] = bytes.toString("utf8", at + 1, end);
    at = end + 1;
  }
  return fields;
}

/** The OIDs of a ParameterDescription. */
export function parameterTypes(frame: Uint8Array): readonly number[] {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  return Array.from({ length: view.getUint16(5) }, (_, index) => view.getUint32(7 + 4 * index));
}

/** The first frame of a type among whole frames. */
export function findFrame(frames: Uint8Array, type: string): Uint8Array | undefined {
  const view = new DataView(frames.buffer, frames.byteOffset, frames.byteLength);
  for (let at = 0; at < frames.length; ) {
    const end = at + 1 + view.getUint32(at + 1);
    if (frames[at] === type.charCodeAt(0)) return frames.subarray(at, end);
    at = end;
  }
  return undefined;
}
