import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { OutputChunk, Plugin } from "rolldown";
import { rolldown } from "rolldown";

const dist = fileURLToPath(new URL("..", import.meta.url));
const target = join(dist, "packages");

/** Packages that would bring others of which nothing is used: tdigest, bintrees and @opentelemetry/api take 5 MB. */
const bundledPackages = ["prom-client"];

/** Makes a file of each of these packages, and has the compiled modules load that. */
export async function bundlePackages(): Promise<readonly OutputChunk[]> {
  await rm(target, { recursive: true, force: true });
  const chunks = await Promise.all(bundledPackages.map(bundlePackage));
  for (const path of await readdir(dist, { recursive: true }))
    if (path.endsWith(".js") && !path.startsWith(`build${sep}`)) await loadBundled(join(dist, path));
  return chunks.flat();
}

async function bundlePackage(name: string): Promise<readonly OutputChunk[]> {
  const bundle = await rolldown({ input: entry, platform: "node", plugins: [await entryOf(name)] });
  const { output } = await bundle.write({ file: join(target, `${name}.js`), format: "esm", codeSplitting: false });
  await bundle.close();
  return output.flatMap((file) => (file.type === "chunk" ? [file] : []));
}

const entry = "\0entry";

/** A module with the package's names: of one in CommonJS they are known only once it has run. */
async function entryOf(name: string): Promise<Plugin> {
  const names = Object.keys(await import(name)).filter((exported) => /^\w+$/.test(exported) && exported !== "default");
  const code = `import whole from ${JSON.stringify(name)};\nexport const { ${names.join(", ")} } = whole;\n`;
  return {
    name: "entry",
    resolveId: (id) => (id === entry ? id : undefined),
    load: (id) => (id === entry ? code : undefined),
  };
}

async function loadBundled(path: string): Promise<void> {
  const code = await readFile(path, "utf8");
  const bundled = bundledPackages.reduce((text, name) => {
    const own = relative(dirname(path), join(target, `${name}.js`))
      .split(sep)
      .join("/");
    return text.replaceAll(
      new RegExp(`((?:from|import\\() ?)"${name}"`, "g"),
      `$1"${own.startsWith(".") ? own : `./${own}`}"`,
    );
  }, code);
  if (bundled !== code) await writeFile(path, bundled);
}
