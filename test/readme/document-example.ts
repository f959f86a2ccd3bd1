/** A block of a document that readers can run. */
export interface Example {
  readonly language: "sql" | "sh" | "ts";
  readonly text: string;
  /** True for "```sql error": it is there to show how it fails. */
  readonly fails: boolean;
  /** The "```text" block that follows it at once; undefined where none does. */
  readonly output: string | undefined;
  /** True for commands of a chapter that calls what it serves by a program of Debian's. */
  readonly needsPrograms: boolean;
  /** Line of the document on which the block begins, from 1. */
  readonly line: number;
  /** Offsets of the output in the document; for rewriting it. */
  readonly outputRange: readonly [start: number, end: number] | undefined;
}

const block = /^```(sql|sh|ts)( error)?\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)^```\n)?/gm;

/** The examples of a Markdown document, in its order. */
export function readExamples(document: string): readonly Example[] {
  return [...document.matchAll(block)].map((match) => {
    const [whole, language, fails, text = "", output] = match;
    const end = match.index + whole.length - "```\n".length;
    return {
      language: readLanguage(language),
      text,
      fails: fails !== undefined,
      output,
      needsPrograms: language === "sh" && /^(psql|curl|\. \.\/shop\.sh)\b/m.test(chapterAround(document, match.index)),
      line: document.slice(0, match.index).split("\n").length,
      outputRange: output === undefined ? undefined : [end - output.length, end],
    };
  });
}

function chapterAround(document: string, offset: number): string {
  const end = document.indexOf("\n## ", offset);
  return document.slice(Math.max(0, document.lastIndexOf("\n## ", offset)), end < 0 ? undefined : end);
}

function readLanguage(text: string | undefined): Example["language"] {
  if (text === "sh" || text === "ts") return text;
  return "sql";
}

/** The document with the outputs of its examples replaced; those with a line of "…" are kept. */
export function withOutputs(document: string, outputs: ReadonlyMap<Example, string>): string {
  return [...outputs].reduceRight((text, [{ output, outputRange }, actual]) => {
    if (outputRange === undefined || output === undefined || hasGap(output)) return text;
    return text.slice(0, outputRange[0]) + actual + text.slice(outputRange[1]);
  }, document);
}

/** What an output is compared as: a line of "…" stands for any lines. */
export function outputPattern(output: string): RegExp {
  const source = output.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/^…$\n/gm, "(?:.*\\n)*");
  return new RegExp(`^${source}$`);
}

function hasGap(output: string): boolean {
  return /^…$/m.test(output);
}
