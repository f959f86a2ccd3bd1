// Run by npm's `prepare`, after the build: where a package is packed, it leaves out what only this project's tests read.
import { readdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const dist = fileURLToPath(new URL("..", import.meta.url));

if (process.env["npm_command"] === "pack" || process.env["npm_command"] === "publish") await dropDeclarations();

/** The types that nobody who imports the package comes to: nine of ten files, each at least a block of a disk. */
async function dropDeclarations(): Promise<void> {
  const reached = new Set<string>();
  await reach(join(dist, "index.d.ts"), reached);
  for (const path of await readdir(dist, { recursive: true }))
    if (/\.d\.c?ts$/.test(path) && !reached.has(join(dist, path))) await rm(join(dist, path));
}

async function reach(path: string, reached: Set<string>): Promise<void> {
  if (reached.has(path)) return;
  reached.add(path);
  const code = await readFile(path, "utf8");
  for (const [, module = ""] of code.matchAll(/(?:from |import\()"(\.[^"]+)"/g))
    await reach(join(dirname(path), module).replace(/\.(c?)js$/, ".d.$1ts"), reached);
}
