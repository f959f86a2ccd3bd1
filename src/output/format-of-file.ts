import { extname } from "node:path";
import type { OutputFormat, TextFormat } from "./output-format.js";
import { isFileFormat } from "./output-format.js";

const endings: Readonly<Record<string, OutputFormat>> = {
  ".csv": "csv",
  ".json": "json",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
  ".md": "markdown",
  ".html": "html",
  ".parquet": "parquet",
  ".xlsx": "xlsx",
  ".svg": "svg",
  ".png": "png",
  ".txt": "table",
};

/** The format that a file's name ends in; undefined where that tells none. */
export function formatOfFile(path: string): OutputFormat | undefined {
  return endings[extname(path).toLowerCase()];
}

/** What a file gets where nobody said: what its name ends in, where that is no text or the format is the usual one. */
export function formatFor(path: string, usual: TextFormat): OutputFormat {
  const named = formatOfFile(path);
  return named !== undefined && (usual === "table" || isFileFormat(named)) ? named : usual;
}
