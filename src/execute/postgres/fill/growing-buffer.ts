/** Longer texts are left to Node's own encoder, to call which costs more than a short text. */
const longText = 24;

/** Bytes written one behind the other, in network order. */
export class GrowingBuffer {
  #bytes: Buffer;
  #at = 0;

  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafe(capacity);
  }

  get length(): number {
    return this.#at;
  }

  /** What was written; the next `clear` gives its room to others. */
  written(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  clear(): void {
    this.#at = 0;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#at] = value;
    this.#at += 1;
  }

  int16(value: number): void {
    this.#reserve(2);
    this.#at = this.#bytes.writeInt16BE(value, this.#at);
  }

  int32(value: number): void {
    this.#reserve(4);
    this.#at = this.#bytes.writeInt32BE(value, this.#at);
  }

  int64(value: number | bigint): void {
    this.#reserve(8);
    if (typeof value === "bigint") {
      this.#at = this.#bytes.writeBigInt64BE(value, this.#at);
    } else {
      this.#bytes.writeInt32BE(Math.floor(value / 2 ** 32), this.#at);
      this.#at = this.#bytes.writeInt32BE(value | 0, this.#at + 4);
    }
  }

  float64(value: number): void {
    this.#reserve(8);
    this.#at = this.#bytes.writeDoubleBE(value, this.#at);
  }

  /** A field of a text: its length in bytes, with the bytes that a type puts before it, and itself. */
  textField(text: string, prefix?: number): void {
    const before = prefix === undefined ? 0 : 1;
    // A UTF-16 unit takes three bytes at most.
    this.#reserve(4 + before + text.length * 3);
    const start = this.#at + 4 + before;
    if (prefix !== undefined) this.#bytes[start - 1] = prefix;
    const end = text.length < longText ? this.#shortText(text, start) : start + this.#bytes.write(text, start, "utf8");
    this.#bytes.writeInt32BE(end - start + before, this.#at);
    this.#at = end;
  }

  /** Gives where the text ends. */
  #shortText(text: string, start: number): number {
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      if (unit >= 128) return start + this.#bytes.write(text, start, "utf8");
      this.#bytes[start + index] = unit;
    }
    return start + text.length;
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + bytes));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}
