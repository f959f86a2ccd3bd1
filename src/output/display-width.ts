import stringWidth from "string-width";

/** What is no printable ASCII, with the character that it may combine with. */
const otherRuns = /[\x20-\x7e]?[^\x20-\x7e]+/g;
const graphemes = new Intl.Segmenter();

/** Columns of a terminal that a text takes: two for wide characters, none for combining ones. */
export function displayWidth(text: string): number {
  // Escape sequences take none, and hold printable characters.
  if (text.includes("\x1b")) return stringWidth(text);
  // A text of thousands of characters, JSON, has few that are not a column wide, and the library takes its time for each.
  let width = text.length;
  for (const [run] of text.matchAll(otherRuns)) width += stringWidth(run) - run.length;
  return width;
}

/** The text in exactly `width` columns: padded with spaces, or cut and ended by "…". */
export function fitText(text: string, width: number, align: "left" | "right" = "left"): string {
  const own = displayWidth(text);
  if (own > width) return cutText(text, width);
  const padding = " ".repeat(width - own);
  return align === "left" ? text + padding : padding + text;
}

function cutText(text: string, width: number): string {
  let kept = "";
  let keptWidth = 0;
  for (const { segment } of graphemes.segment(text)) {
    const segmentWidth = displayWidth(segment);
    if (keptWidth + segmentWidth > width - 1) break;
    kept += segment;
    keptWidth += segmentWidth;
  }
  return `${kept}…${" ".repeat(Math.max(0, width - 1 - keptWidth))}`;
}
