/** The statement that is being typed, and the one that ran last: what `\g`, `\p`, `\e` and their like work on. */
export class QueryBuffer {
  /** What was typed since the last semicolon. */
  text = "";
  /** Without its semicolon; empty before the first. */
  last = "";

  /** The statement being typed or, where there is none, the last one. */
  get current(): string {
    return this.text.trim() === "" ? this.last : this.text.trim();
  }

  /** The same, to be run: nothing is being typed from then on. */
  take(): string {
    this.last = this.current;
    this.text = "";
    return this.last;
  }
}
