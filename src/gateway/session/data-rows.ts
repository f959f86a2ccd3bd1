/** DataRow messages one behind the other. */
export interface DataRows {
  readonly bytes: Uint8Array;
  readonly count: number;
}

/** Splits off the first so many rows. */
export function splitRows({ bytes, count }: DataRows, wanted: number): readonly [DataRows, DataRows | undefined] {
  if (count <= wanted) return [{ bytes, count }, undefined];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = 0;
  // A message is its type and its length, which counts itself.
  for (let row = 0; row < wanted; row += 1) end += 1 + view.getInt32(end + 1);
  return [
    { bytes: bytes.subarray(0, end), count: wanted },
    { bytes: bytes.subarray(end), count: count - wanted },
  ];
}

/** The same rows, the last of them first. */
export function reversedRows({ bytes, count }: DataRows): DataRows {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reversed = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; ) {
    const end = at + 1 + view.getInt32(at + 1);
    reversed.set(bytes.subarray(at, end), bytes.length - end);
    at = end;
  }
  return { bytes: reversed, count };
}
