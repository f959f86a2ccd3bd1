import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Example } from "./document-example.js";
import { readExamples, withOutputs } from "./document-example.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Set it to write the outputs of today into the documents. */
export const isUpdate = process.env["UPDATE_README"] !== undefined;

/** A Markdown file that readers of the project are given. */
export interface Document {
  /** From the project's folder, with "/": "src/driver/README.md". */
  readonly path: string;
  readonly text: string;
  readonly examples: readonly Example[];
}

/** All of them, the top README first. */
export function readDocuments(): readonly Document[] {
  const below = ["src", "grammar", "test"].flatMap((folder) => {
    return readdirSync(`${root}/${folder}`, { recursive: true, encoding: "utf8" }).map((path) => `${folder}/${path}`);
  });
  const paths = below.map((path) => path.replaceAll("\\", "/")).filter((path) => path.endsWith("README.md"));
  return ["README.md", "CHANGELOG.md", ...paths.sort()].map(readDocument);
}

export function readDocument(path: string): Document {
  const text = readFileSync(`${root}/${path}`, "utf8");
  return { path, text, examples: readExamples(text) };
}

export function writeOutputs({ path, text }: Document, outputs: ReadonlyMap<Example, string>): void {
  writeFileSync(`${root}/${path}`, withOutputs(text, outputs));
}
