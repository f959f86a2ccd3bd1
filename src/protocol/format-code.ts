import { SqlState } from "../error/sql-state.js";
import { ProtocolError } from "./protocol-error.js";

/** How a value is written: 0 and 1 on the wire. */
export type Format = "text" | "binary";

export function decodeFormat(code: number): Format {
  if (code === 0) return "text";
  if (code === 1) return "binary";
  throw new ProtocolError(`unsupported format code: ${code}`, {
    severity: "ERROR",
    sqlState: SqlState.invalidParameterValue,
  });
}

export const encodeFormat = (format: Format): number => (format === "binary" ? 1 : 0);

/** The format of the value at a position from 0 on: no formats mean text for all, one is that of all. */
export function formatAt(formats: readonly Format[], position: number): Format {
  return (formats.length === 1 ? formats[0] : formats[position]) ?? "text";
}
