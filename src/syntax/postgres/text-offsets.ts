/** PostgreSQL counts the bytes of a text in UTF-8, or its characters, from 0: here they become offsets in UTF-16. */
export class TextOffsets {
  readonly #text: string;
  /** Of the characters beyond ASCII, in order: the offset behind each. */
  readonly #ends: readonly number[];
  /** How many bytes, and characters, the text up to there has more, or fewer, than units of UTF-16. */
  readonly #byteShifts: readonly number[];
  readonly #characterShifts: readonly number[];

  constructor(text: string) {
    const ends: number[] = [];
    const byteShifts: number[] = [];
    const characterShifts: number[] = [];
    let bytes = 0;
    let characters = 0;
    for (const { 0: character, index } of text.matchAll(/[^\0-\x7f]/gu)) {
      const code = character.codePointAt(0) ?? 0;
      bytes += (code < 0x800 ? 2 : code < 0x10000 ? 3 : 4) - character.length;
      characters += 1 - character.length;
      ends.push(index + character.length);
      byteShifts.push(bytes);
      characterShifts.push(characters);
    }
    this.#text = text;
    this.#ends = ends;
    this.#byteShifts = byteShifts;
    this.#characterShifts = characterShifts;
  }

  /** Undefined for what stands nowhere in the text. */
  ofByte(byte: number | undefined): number | undefined {
    return byte !== undefined && byte < 0 ? undefined : this.#offset(byte ?? 0, this.#byteShifts);
  }

  ofCharacter(character: number): number {
    return this.#offset(character, this.#characterShifts);
  }

  #offset(place: number, shifts: readonly number[]): number {
    let [low, high] = [0, this.#ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const end = (this.#ends[middle] ?? 0) + (shifts[middle] ?? 0);
      if (end <= place) low = middle + 1;
      else high = middle;
    }
    return Math.min(place - (shifts[low - 1] ?? 0), this.#text.length);
  }
}
