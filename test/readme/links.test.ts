import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { anchorsOf, fileOf, linksOf } from "./document-links.js";
import { readDocuments } from "./documents.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const documents = readDocuments();

describe.each(documents)("the links of $path", (document) => {
  it("lead to files and headings that there are", () => {
    expect(linksOf(document).filter((link) => !leadsSomewhere(document.path, link))).toEqual([]);
  });
});

it("every document can be reached from README.md", () => {
  const reached = new Set(["README.md"]);
  for (const path of reached) {
    const document = documents.find((one) => one.path === path);
    if (document === undefined) continue;
    for (const link of linksOf(document)) reached.add(fileOf(path, link));
  }
  expect(documents.map(({ path }) => path).filter((path) => !reached.has(path))).toEqual([]);
});

function leadsSomewhere(path: string, link: string): boolean {
  const file = fileOf(path, link);
  const heading = link.split("#")[1];
  if (heading === undefined) return existsSync(`${root}/${file}`);
  return documents.some((document) => document.path === file && anchorsOf(document).has(heading));
}
