import type { Dirent } from "node:fs";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const map = readFileSync(`${root}/src/README.md`, "utf8");

describe("the map of the sources", () => {
  it("names files that exist", () => {
    const paths = [...map.matchAll(/`([\w./-]+\/[\w./-]*\w\.(?:ts|peggy))`/g)].map(([, path = ""]) => path);
    const missing = paths.filter((path) => !existsSync(`${root}/src/${path}`) && !existsSync(`${root}/${path}`));
    expect(paths.length).toBeGreaterThan(40);
    expect(missing).toEqual([]);
  });

  it("names files without their folders only where there are such", () => {
    const names = [...map.matchAll(/`(\w[\w.-]*\.(?:ts|mjs|peggy))`/g)].map(([, name = ""]) => name);
    const parts = ["src", "test", "grammar"].map((part) => `${root}/${part}`);
    const files = parts.flatMap((part) => readdirSync(part, { recursive: true, encoding: "utf8" }));
    const known = new Set(files.map((file) => basename(file)));
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });

  it("gives every dependency's reason, and no other's", () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(`${root}/package.json`, "utf8"));
    const section = map.slice(map.indexOf("\n## Dependencies\n"));
    const named = [...section.matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, names = ""]) => names.split(", "));
    const installed = Object.keys({ ...dependencies, ...devDependencies }).map((name) => `\`${name}\``);
    expect(named.sort()).toEqual(installed.sort());
  });

  it("gives every layer a row", () => {
    const section = map.slice(map.indexOf("\n## Layers\n"), map.indexOf("\n## Recipes\n"));
    const rows = [...section.matchAll(/^\| `(\S+)` \|/gm)].map(([, layer]) => layer);
    const parts = readdirSync(`${root}/src`, { withFileTypes: true });
    const layers = parts.filter((part) => isLayer(part)).map(({ name }) => name);
    expect(rows.sort()).toEqual(layers.sort());
  });
});

/** A folder is one as soon as it holds code. */
function isLayer(part: Dirent): boolean {
  if (!part.isDirectory()) return part.name.endsWith(".ts");
  return readdirSync(`${root}/src/${part.name}`).length > 0;
}
