/** Of the kinds of a WebAssembly import: function, table, memory, global, tag. */
const [functionKind, tableKind, memoryKind, globalKind, tagKind] = [0, 1, 2, 3, 4];
const importSection = 2;
const hasMaximum = 1;
const isShared = 2;
const headerBytes = 8;

/** The most pages that 32 bits address, halved as PGlite does. */
const mostPages = 32_768;

export interface SharedModule {
  readonly bytes: Uint8Array;
  /** Pages of 64 KB that its memory begins with. */
  readonly initialPages: number;
}

/**
 * A WebAssembly module whose imported memory is one that threads share; nothing else of it changes. A shared memory has
 * to have a maximum.
 * Source: https://webassembly.github.io/threads/core/binary/types.html#limits
 */
export function shareMemory(bytes: Uint8Array): SharedModule {
  const reader = new ModuleReader(bytes, headerBytes);
  while (!reader.isAtEnd) {
    const section = reader.byte();
    const sizeAt = reader.at;
    const size = reader.number();
    const start = reader.at;
    if (section !== importSection) {
      reader.at = start + size;
      continue;
    }
    const { at, end, initialPages } = findMemory(reader);
    const limits = [hasMaximum | isShared, ...encoded(initialPages), ...encoded(mostPages)];
    const grown = encoded(size - (end - at) + limits.length);
    return {
      initialPages,
      bytes: Buffer.concat([
        bytes.subarray(0, sizeAt),
        Uint8Array.from(grown),
        bytes.subarray(start, at),
        Uint8Array.from(limits),
        bytes.subarray(end),
      ]),
    };
  }
  throw new Error("the module has no imports");
}

interface MemoryLimits {
  /** Where the limits are in the module. */
  readonly at: number;
  readonly end: number;
  readonly initialPages: number;
}

/** The limits of the imported memory. */
function findMemory(reader: ModuleReader): MemoryLimits {
  for (let left = reader.number(); left > 0; left -= 1) {
    reader.skipName();
    reader.skipName();
    const kind = reader.byte();
    if (kind === memoryKind) {
      const at = reader.at;
      const initialPages = reader.limits();
      return { at, end: reader.at, initialPages };
    }
    reader.skipImport(kind);
  }
  throw new Error("the module imports no memory");
}

/** An unsigned number, seven bits to a byte. */
function encoded(value: number): readonly number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...encoded(Math.floor(value / 128))];
}

class ModuleReader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.at];
    if (byte === undefined) throw new Error("the module is cut off");
    this.at += 1;
    return byte;
  }

  /** An unsigned number, seven bits to a byte. */
  number(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  /** Gives the least number. */
  limits(): number {
    const flags = this.byte();
    const least = this.number();
    if ((flags & hasMaximum) !== 0) this.number();
    return least;
  }

  skipName(): void {
    const length = this.number();
    this.at += length;
  }

  skipImport(kind: number): void {
    switch (kind) {
      case functionKind:
        this.number();
        return;
      case tableKind:
        this.byte();
        this.limits();
        return;
      case globalKind:
        this.at += 2;
        return;
      case tagKind:
        this.byte();
        this.number();
        return;
    }
    throw new Error(`the module imports what is of kind ${kind}`);
  }
}
