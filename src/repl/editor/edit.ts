/** A text that is being edited, of any number of lines, and the offset of the cursor in it. */
export interface Edit {
  readonly text: string;
  readonly cursor: number;
}

export const nothing: Edit = { text: "", cursor: 0 };

const graphemes = new Intl.Segmenter();

export function inserted({ text, cursor }: Edit, more: string): Edit {
  return { text: text.slice(0, cursor) + more + text.slice(cursor), cursor: cursor + more.length };
}

/** Without what stands between two places, where the cursor then is. */
export function removed({ text }: Edit, from: number, to: number): Edit {
  return { text: text.slice(0, from) + text.slice(to), cursor: from };
}

export function moved({ text }: Edit, cursor: number): Edit {
  return { text, cursor };
}

/** The place before the character before the cursor: what a person takes for one, however it is encoded. */
export function before({ text, cursor }: Edit): number {
  const segments = [...graphemes.segment(text.slice(lineStart({ text, cursor: Math.max(0, cursor - 1) }), cursor))];
  return Math.max(0, cursor - (segments.at(-1)?.segment.length ?? 1));
}

export function after({ text, cursor }: Edit): number {
  const [next] = graphemes.segment(text.slice(cursor, cursor + 64));
  return cursor + (next?.segment.length ?? 0);
}

export function wordBefore({ text, cursor }: Edit): number {
  return cursor - (/[\p{L}\p{N}_]*[^\p{L}\p{N}_]*$/u.exec(text.slice(0, cursor))?.[0].length ?? 0);
}

export function wordAfter({ text, cursor }: Edit): number {
  return cursor + (/^[^\p{L}\p{N}_]*[\p{L}\p{N}_]*/u.exec(text.slice(cursor))?.[0].length ?? 0);
}

/** Back over the spaces before the cursor, and what stands before them up to the next. */
export function spacedWordBefore({ text, cursor }: Edit): number {
  return cursor - (/\S*\s*$/.exec(text.slice(0, cursor))?.[0].length ?? 0);
}

export function lineStart({ text, cursor }: Edit): number {
  return text.lastIndexOf("\n", cursor - 1) + 1;
}

export function lineEnd({ text, cursor }: Edit): number {
  const end = text.indexOf("\n", cursor);
  return end < 0 ? text.length : end;
}

/** The same place in the line above, or undefined in the first. */
export function lineAbove(edit: Edit): number | undefined {
  const start = lineStart(edit);
  if (start === 0) return undefined;
  const above = lineStart({ ...edit, cursor: start - 1 });
  return Math.min(above + edit.cursor - start, start - 1);
}

/** The same place in the line below, or undefined in the last. */
export function lineBelow(edit: Edit): number | undefined {
  const end = lineEnd(edit);
  if (end === edit.text.length) return undefined;
  const column = edit.cursor - lineStart(edit);
  return Math.min(end + 1 + column, lineEnd({ ...edit, cursor: end + 1 }));
}
