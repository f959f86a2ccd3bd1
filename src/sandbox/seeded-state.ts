import { crc32 } from "node:zlib";
import { ObjectStore } from "./object-store.js";

/** Where states are kept, by name. */
export interface StateStore {
  read(name: string): Uint8Array | undefined;
  keep(name: string, bytes: Uint8Array): void;
}

export interface SeededStateOptions {
  /** Undefined: the state is made anew. */
  readonly kept: StateStore | undefined;
  /** Tells all that the state is made from. */
  readonly name: string;
  readonly seed: (store: ObjectStore) => void;
}

/** A bigger state would take long to read, and much room. The default one is of 25 MB. */
const mostBytes = 64 * 1024 * 1024;

const checksumLength = 4;

/**
 * A seeded store in memory: opened from what was kept of one like it, else seeded and kept. What is kept is the state
 * before any request; each sandbox has a copy of its own, so that none sees what another did.
 */
export function openSeededState({ kept, name, seed }: SeededStateOptions): ObjectStore {
  const image = kept === undefined ? undefined : readImage(kept, name);
  if (image !== undefined) return new ObjectStore(image);
  const store = new ObjectStore(undefined);
  try {
    seed(store);
    if (kept !== undefined && store.size() <= mostBytes) kept.keep(name, withChecksum(store.image()));
    return store;
  } catch (error) {
    store.close();
    throw error;
  }
}

/** Undefined where nothing is kept, or it is damaged: SQLite itself would give whatever is in the bytes. */
function readImage(kept: StateStore, name: string): Buffer | undefined {
  const bytes = kept.read(name);
  if (bytes === undefined || bytes.length <= checksumLength) return undefined;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const image = buffer.subarray(checksumLength);
  return buffer.readUInt32LE() === crc32(image) ? image : undefined;
}

function withChecksum(image: Buffer): Buffer {
  const checksum = Buffer.alloc(checksumLength);
  checksum.writeUInt32LE(crc32(image));
  return Buffer.concat([checksum, image]);
}
