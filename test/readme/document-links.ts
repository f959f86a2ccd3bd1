import { posix } from "node:path";
import type { Document } from "./documents.js";

/** The targets within the project: "../sandbox/README.md#in-tests", "#editing", a picture's file. */
export function linksOf({ text }: Document): readonly string[] {
  const prose = withoutCode(text);
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link).filter((link) => !/^\w+:/.test(link));
}

/** The file that a link in the file at `path` leads to. */
export function fileOf(path: string, link: string): string {
  const [file = ""] = link.split("#");
  return file === "" ? path : posix.join(posix.dirname(path), file);
}

/** As GitHub and npm make them of headings: a second one of a name gets "-1". */
export function anchorsOf({ text }: Document): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ""] of withoutCode(text).matchAll(/^#{1,6} (.*)$/gm)) {
    const anchor = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, "")
      .replace(/ /g, "-");
    anchors.add(anchors.has(anchor) ? `${anchor}-1` : anchor);
  }
  return anchors;
}

function withoutCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```$/gm, "");
}
