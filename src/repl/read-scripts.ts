import { readFile } from "node:fs/promises";
import type { ScriptSource } from "./invocation.js";

export interface Script {
  readonly text: string;
  /** The file that it is from. */
  readonly path: string | undefined;
}

/** The texts of `-c` and `-f`, in order. Fails where a file cannot be read, before anything runs. */
export function readScripts(
  sources: readonly ScriptSource[],
  input: NodeJS.ReadableStream,
): Promise<readonly Script[]> {
  return Promise.all(
    sources.map(async (source): Promise<Script> => {
      if (source.kind === "text") return { text: source.text, path: undefined };
      if (source.path === "-") return { text: await readAll(input), path: undefined };
      return { text: await readFile(source.path, "utf8"), path: source.path };
    }),
  );
}

async function readAll(input: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}
