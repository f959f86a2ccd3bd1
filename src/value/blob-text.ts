/** As DuckDB writes a BLOB: what is no printable ASCII character as `\xFF`. */
export function blobText(bytes: Uint8Array): string {
  const isPlain = (byte: number): boolean => byte > 0x1f && byte < 0x7f && byte !== 0x22 && byte !== 0x27;
  return Array.from(bytes, (byte) =>
    isPlain(byte) ? String.fromCharCode(byte) : `\\x${byte.toString(16).toUpperCase().padStart(2, "0")}`,
  ).join("");
}
