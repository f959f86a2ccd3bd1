import type { Comment } from "oxc-parser";

/** Documentation comments by the position of the code that follows them. */
export function documentationByPosition(text: string, comments: readonly Comment[]): ReadonlyMap<number, string> {
  const documented = comments.filter((comment) => comment.type === "Block" && comment.value.startsWith("*"));
  return new Map(documented.map((comment) => [nextCode(text, comment.end), commentText(comment.value)]));
}

function nextCode(text: string, end: number): number {
  let position = end;
  while (position < text.length && /\s/.test(text.charAt(position))) position++;
  return position;
}

function commentText(value: string): string {
  return value
    .slice(1)
    .split("\n")
    .map((line) => line.replace(/^\s*\*?\s?/, "").trimEnd())
    .join("\n")
    .trim();
}

const descriptionLimit = 300;

/** The first two sentences of a documentation comment as plain text: links reduced to their words, no markup. */
export function describe(documentation: string): string {
  const paragraph = plainText(documentation.split(/\n\s*\n|\n@/, 1)[0] ?? "");
  const sentences = paragraph.split(/(?<=[.!?])\s+(?=[A-Z`'"(])/);
  const [first = "", second = ""] = sentences;
  const both = second === "" ? first : `${first} ${second}`;
  return both.length <= descriptionLimit ? both : first;
}

function plainText(markup: string): string {
  return markup
    .replace(/\[([^\]]*)\]\((?:[^()]|\([^()]*\))*\)/g, "$1")
    .replace(/<\/?[a-z][^>]*>/gi, "")
    .replace(/`/g, "")
    .replace(/\s+/g, " ")
    .trim();
}
