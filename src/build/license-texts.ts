import { readdir, readFile } from "node:fs/promises";
import { join, sep } from "node:path";
import type { OutputAsset, OutputChunk } from "rolldown";

/** The licences of the packages whose modules are among the output's, which ask to go with every copy. */
export async function licenseTexts(output: readonly (OutputChunk | OutputAsset)[]): Promise<string> {
  const modules = output.flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
  const folders = new Set(modules.flatMap((id) => packageFolder(id) ?? []));
  const texts = await Promise.all([...folders].sort().map(licenseText));
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}

/** "/p/node_modules/@a/b/lib/c.js" -> "/p/node_modules/@a/b" */
function packageFolder(id: string): string | undefined {
  const path = id.split(sep);
  const start = path.lastIndexOf("node_modules");
  if (start < 0) return undefined;
  return path.slice(0, start + (path[start + 1]?.startsWith("@") ? 3 : 2)).join(sep);
}

async function licenseText(folder: string): Promise<string> {
  const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
  const text = file === undefined ? `License: ${license}\n` : await readFile(join(folder, file), "utf8");
  return `${name} ${version}\n\n${text}`;
}
