import { displayWidth, fitText } from "../../output/display-width.js";
import type { Completion } from "../completion.js";
import type { Edit } from "./edit.js";

/** What Tab makes of a text, or the names that it may go on with. */
export type Completed =
  | { readonly kind: "edit"; readonly edit: Edit }
  | { readonly kind: "choices"; readonly names: readonly string[] }
  | { readonly kind: "nothing" };

export function completed({ text, cursor }: Edit, complete: (before: string, after: string) => Completion): Completed {
  const [names, replaced] = complete(text.slice(0, cursor), text.slice(cursor));
  if (names.length === 0) return { kind: "nothing" };
  const start = commonStart(names);
  const isFurther = names.length === 1 ? start !== replaced : start.length > replaced.length;
  if (!isFurther) return names.length === 1 ? { kind: "nothing" } : { kind: "choices", names };
  const before = text.slice(0, cursor - replaced.length) + start;
  return { kind: "edit", edit: { text: before + text.slice(cursor), cursor: before.length } };
}

/** As much as all names begin with, whatever the case of their letters. */
function commonStart(names: readonly string[]): string {
  const [first = "", ...others] = names;
  const lengths = others.map((name) => {
    let length = 0;
    while (length < first.length && first.charAt(length).toLowerCase() === name.charAt(length).toLowerCase())
      length += 1;
    return length;
  });
  return first.slice(0, Math.min(first.length, ...lengths));
}

/** Names in columns, down first; those that the room does not hold are counted. */
export function nameColumns(names: readonly string[], { width, rows }: { width: number; rows: number }): string {
  const columnWidth = Math.max(...names.map(displayWidth)) + 2;
  const columns = Math.max(1, Math.floor(width / columnWidth));
  const shown = names.slice(0, columns * rows);
  const height = Math.ceil(shown.length / columns);
  const lines = Array.from({ length: height }, (_, row) => {
    const line = shown.filter((_name, index) => index % height === row);
    return line
      .map((name) => fitText(name, columnWidth))
      .join("")
      .trimEnd();
  });
  const more = names.length - shown.length;
  return [...lines, ...(more > 0 ? [`… and ${more} more`] : [])].join("\r\n");
}
