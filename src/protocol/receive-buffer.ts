const smallestBytes = 8 * 1024;
/** A buffer that has grown past this is given up once it is read to its end. */
const keptBytes = 64 * 1024;

/**
 * Bytes that came and are not read yet, in one buffer. It holds at most twice what came, whatever a message announces,
 * and each byte is moved a bounded number of times, however small the pieces are.
 */
export class ReceiveBuffer {
  #bytes: Uint8Array = new Uint8Array(0);
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  /** What the buffer takes of memory. */
  get capacity(): number {
    return this.#bytes.length;
  }

  append(chunk: Uint8Array): void {
    if (chunk.length > this.#bytes.length - this.#end) this.#makeRoom(chunk.length);
    this.#bytes.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** The byte at an offset below `length`. */
  byteAt(offset: number): number {
    return this.#bytes[this.#start + offset] ?? 0;
  }

  /** The signed 32-bit number at an offset, four bytes below `length`. */
  int32At(offset: number): number {
    const high = (this.byteAt(offset) << 24) | (this.byteAt(offset + 1) << 16);
    return high | (this.byteAt(offset + 2) << 8) | this.byteAt(offset + 3);
  }

  /** Takes bytes out, as a copy that no later byte changes. */
  take(length: number): Uint8Array {
    const taken = this.#bytes.slice(this.#start, this.#start + length);
    this.skip(length);
    return taken;
  }

  skip(length: number): void {
    this.#start += length;
    if (this.#start < this.#end) return;
    this.#start = 0;
    this.#end = 0;
    if (this.#bytes.length > keptBytes) this.#bytes = new Uint8Array(0);
  }

  clear(): void {
    this.#bytes = new Uint8Array(0);
    this.#start = 0;
    this.#end = 0;
  }

  /** What is read already makes room where it is as much as what is moved; else a buffer of twice the size does. */
  #makeRoom(added: number): void {
    const held = this.length;
    if (held + added <= this.#bytes.length && held <= this.#start) {
      this.#bytes.copyWithin(0, this.#start, this.#end);
    } else {
      const grown = new Uint8Array(Math.max(smallestBytes, 2 * (held + added)));
      grown.set(this.#bytes.subarray(this.#start, this.#end));
      this.#bytes = grown;
    }
    this.#start = 0;
    this.#end = held;
  }
}
