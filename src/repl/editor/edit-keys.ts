import type { Edit } from "./edit.js";
import { after, before, lineEnd, lineStart, moved, removed, spacedWordBefore, wordAfter, wordBefore } from "./edit.js";

/** What a key makes of a text, and what it cuts out, for Ctrl-Y. */
export interface Change {
  readonly edit: Edit;
  readonly cut?: string;
}

type KeyAction = (edit: Edit) => Change;

const move =
  (place: (edit: Edit) => number): KeyAction =>
  (edit) => ({ edit: moved(edit, place(edit)) });

/** Removes up to a place, or from there. */
const remove =
  (place: (edit: Edit) => number): KeyAction =>
  (edit) => {
    const other = place(edit);
    return { edit: removed(edit, Math.min(other, edit.cursor), Math.max(other, edit.cursor)) };
  };

const cut =
  (place: (edit: Edit) => number): KeyAction =>
  (edit) => {
    const other = place(edit);
    const [from, to] = [Math.min(other, edit.cursor), Math.max(other, edit.cursor)];
    return { edit: removed(edit, from, to), cut: edit.text.slice(from, to) };
  };

/** At the end of a line, Ctrl-K joins the next to it. */
const restOfLine = (edit: Edit): number => {
  const end = lineEnd(edit);
  return end === edit.cursor ? Math.min(end + 1, edit.text.length) : end;
};

/** As readline has them, within the text. */
export const editKeys: Readonly<Record<string, KeyAction>> = {
  left: move(before),
  "ctrl-b": move(before),
  right: move(after),
  "ctrl-f": move(after),
  "ctrl-left": move(wordBefore),
  "meta-left": move(wordBefore),
  "meta-b": move(wordBefore),
  "ctrl-right": move(wordAfter),
  "meta-right": move(wordAfter),
  "meta-f": move(wordAfter),
  home: move(lineStart),
  "ctrl-a": move(lineStart),
  end: move(lineEnd),
  "ctrl-e": move(lineEnd),
  "ctrl-home": move(() => 0),
  "ctrl-end": move(({ text }) => text.length),
  backspace: remove(before),
  "ctrl-h": remove(before),
  delete: remove(after),
  "ctrl-d": remove(after),
  "ctrl-w": cut(spacedWordBefore),
  "meta-backspace": cut(wordBefore),
  "meta-d": cut(wordAfter),
  "ctrl-u": cut(lineStart),
  "ctrl-k": cut(restOfLine),
};
