/** Messages one behind the other, each as it is. */
export function* framesOf(bytes: Uint8Array): Generator<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = 0; start < bytes.length; ) {
    const end = start + 1 + view.getInt32(start + 1);
    yield bytes.subarray(start, end);
    start = end;
  }
}
