import type { Key } from "./key.js";
import { keyName } from "./key.js";

/** Bracketed paste: a terminal says where pasted text begins and ends, so that no key in it means anything. */
export class Paste {
  /** Sequences that ask a terminal for it, and to leave it. */
  static readonly on = "\u001b[?2004h";
  static readonly off = "\u001b[?2004l";

  #text: string | undefined;
  #whole: string | undefined;

  /** True for a key that belongs to a paste. */
  takes(key: Key): boolean {
    const name = keyName(key);
    if (name === "paste-start") this.#text = "";
    else if (this.#text === undefined) return false;
    else if (name === "paste-end") {
      this.#whole = this.#text;
      this.#text = undefined;
    } else this.#text += key.sequence ?? "";
    return true;
  }

  /** Hands on the text once it is whole, without the line break that lines are copied with. */
  handOn(use: (text: string) => void): void {
    const whole = this.#whole;
    this.#whole = undefined;
    if (whole !== undefined) use(whole.replace(/\r\n?/g, "\n").trimEnd());
  }
}
