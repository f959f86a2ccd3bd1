const alphabet = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"];
/** Two characters at a time: a seed makes tens of thousands of ids. */
const pairs = alphabet.flatMap((first) => alphabet.map((second) => first + second));

/** A small seeded generator (mulberry32): the same seed gives the same business. */
export class SeededRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** An integer from 0 up to but not including `bound`. */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError("nothing to pick from");
    return item;
  }

  /** Letters and digits as in Stripe's ids. */
  text(length: number): string {
    let text = "";
    while (text.length < length) {
      const draw = Math.floor(this.next() * 14_776_336);
      text += pairs[draw % 3844] ?? "";
      text += pairs[Math.floor(draw / 3844)] ?? "";
    }
    return text.slice(0, length);
  }
}
