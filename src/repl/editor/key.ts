/** A key as Node reads it of a terminal. */
export interface Key {
  readonly sequence?: string;
  readonly name?: string;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
}

/** "ctrl-a", "meta-left", "return": how a key is named in a table of keys. */
export function keyName({ sequence, name = "", ctrl, meta }: Key): string {
  // Node has no name for it.
  if (sequence === "\u001f") return "ctrl-_";
  return `${ctrl === true ? "ctrl-" : ""}${meta === true ? "meta-" : ""}${name}`;
}

/** The text that a key stands for, or undefined for one that does something. */
export function textOf({ sequence = "", ctrl, meta }: Key): string | undefined {
  return ctrl === true || meta === true || sequence === "" || /\p{Cc}/u.test(sequence) ? undefined : sequence;
}
