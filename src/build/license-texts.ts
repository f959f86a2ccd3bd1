import { readdir, readFile } from "node:fs/promises";
import { join, sep } from "node:path";

/** The licences of the packages that modules belong to, which ask to go with every copy. */
export async function licenseTexts(modules: readonly string[]): Promise<string> {
  const folders = new Set(modules.flatMap((id) => packageFolder(id) ?? []));
  const texts = await Promise.all([...folders].map(licenseText));
  return texts.sort().join(`\n${"-".repeat(80)}\n\n`);
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
