const smallestBytes = 8 * 1024;
const encoder = new TextEncoder();
const longestMessage = 2 ** 31 - 1;
/** Up to here a text of ASCII is written faster character by character. */
const shortText = 32;

/** Bytes to send, in one buffer that grows: numbers with their first byte first, texts in UTF-8. */
export class OutputBuffer {
  #bytes = new Uint8Array(smallestBytes);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    const at = this.#advance(1);
    this.#bytes[at] = value;
  }

  int16(value: number): void {
    const at = this.#advance(2);
    this.#view.setInt16(at, value);
  }

  int32(value: number): void {
    const at = this.#advance(4);
    this.#view.setInt32(at, value);
  }

  int64(value: bigint): void {
    const at = this.#advance(8);
    this.#view.setBigInt64(at, value);
  }

  float32(value: number): void {
    const at = this.#advance(4);
    this.#view.setFloat32(at, value);
  }

  float64(value: number): void {
    const at = this.#advance(8);
    this.#view.setFloat64(at, value);
  }

  bytes(value: Uint8Array): void {
    const at = this.#advance(value.length);
    this.#bytes.set(value, at);
  }

  /** A text without an end. Half a surrogate pair is written as U+FFFD. */
  text(value: string): void {
    if (value.length <= shortText && this.#writeAscii(value)) return;
    // No code unit takes more than three bytes.
    this.#reserve(value.length * 3);
    this.#length += encoder.encodeInto(value, this.#bytes.subarray(this.#length)).written;
  }

  /** A text and the zero byte that ends it. No such text can hold U+0000: U+FFFD stands for it. */
  string(value: string): void {
    this.text(value.includes("\0") ? value.replaceAll("\0", "\ufffd") : value);
    this.byte(0);
  }

  /**
   * A message of the protocol, either side's: its type's letter, the length, which counts itself, and the body. Where the
   * body cannot be written to its end, or has 2 GiB, which is a RangeError, nothing of the message is left.
   */
  message(type: string, write?: (output: OutputBuffer) => void): void {
    const start = this.#length;
    this.byte(type.charCodeAt(0));
    this.int32(4);
    if (write === undefined) return;
    try {
      write(this);
      const length = this.#length - start - 1;
      if (length > longestMessage) throw new RangeError(`a message of ${length} bytes`);
      this.setInt32(start + 1, length);
    } catch (error) {
      this.#length = start;
      throw error;
    }
  }

  /** Writes the number of four bytes over those at an offset. */
  setInt32(offset: number, value: number): void {
    this.#view.setInt32(offset, value);
  }

  /** Gives out what was written, for good: no later byte changes it. */
  take(): Uint8Array {
    const length = this.#length;
    this.#length = 0;
    if (length * 2 < this.#bytes.length) return this.#bytes.slice(0, length);
    const taken = this.#bytes.subarray(0, length);
    this.#replace(new Uint8Array(smallestBytes));
    return taken;
  }

  #writeAscii(value: string): boolean {
    this.#reserve(value.length);
    for (let index = 0; index < value.length; index += 1) {
      const unit = value.charCodeAt(index);
      if (unit > 0x7f) return false;
      this.#bytes[this.#length + index] = unit;
    }
    this.#length += value.length;
    return true;
  }

  #advance(count: number): number {
    this.#reserve(count);
    const at = this.#length;
    this.#length += count;
    return at;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#replace(grown);
  }

  #replace(bytes: Uint8Array<ArrayBuffer>): void {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}
