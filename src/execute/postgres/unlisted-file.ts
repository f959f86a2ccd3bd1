import { randomUUID } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";

/** Bytes of one result that may be in its file, so that no client fills the disk. */
export const mostFileBytes = 1024 * 1024 * 1024;

/** A file of mode 0600 whose name is taken away at once: whatever becomes of the process, nothing is left. */
export async function openUnlisted(): Promise<FileHandle> {
  const path = join(tmpdir(), `stripe-sql-${randomUUID()}`);
  const file = await open(path, "wx+", 0o600);
  await rm(path);
  return file;
}

export async function writeBytes(
  file: FileHandle,
  bytes: Uint8Array,
  { start, isGivenUp = () => false }: { readonly start: number; readonly isGivenUp?: () => boolean },
): Promise<void> {
  for (let written = 0; written < bytes.length && !isGivenUp(); )
    written += (await file.write(bytes, written, bytes.length - written, start + written)).bytesWritten;
}

export async function readBytes(
  file: FileHandle,
  { start, length }: { readonly start: number; readonly length: number },
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let read = 0; read < length; ) {
    const { bytesRead } = await file.read(bytes, read, length - read, start + read);
    if (bytesRead === 0) throw new RangeError("a file is shorter than what was written to it");
    read += bytesRead;
  }
  return bytes;
}

/** As PostgreSQL says it of its own files. */
export function fullFileError(maxBytes: number, hint: string): StripeSqlError {
  return new StripeSqlError(`temporary file size exceeds the limit (${Math.floor(maxBytes / 1024)}kB)`, {
    sqlState: SqlState.configurationLimitExceeded,
    phase: "execute",
    hint,
  });
}
