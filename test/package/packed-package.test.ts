import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileOf, linksOf } from "../readme/document-links.js";
import { readDocuments } from "../readme/documents.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
let folder: string;
let packedFiles: readonly string[];

/** The package as its users get it: packed, and installed in a project of its own. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "stripe-sql-package-"));
  const [packed] = JSON.parse(run(root, "npm", "pack", "--json", "--pack-destination", folder).replace(/^[^[]*/, ""));
  packedFiles = packed.files.map(({ path }: { readonly path: string }) => path);
  const project = { name: "consumer", private: true, type: "module", allowScripts: { "better-sqlite3": true } };
  writeFileSync(join(folder, "package.json"), JSON.stringify(project));
  // Nothing that is installed may ask for another Node than this one.
  run(
    folder,
    "npm",
    "install",
    "--engine-strict",
    "--prefer-offline",
    "--no-audit",
    "--no-fund",
    join(folder, packed.filename),
  );
  // A net as wide as the others' for a machine that is busy, and compiles what has no build for it.
}, 1_200_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the packed package", () => {
  it("holds the compiled program, its documentation and sample programs, nothing else", () => {
    const others = packedFiles.filter((path) => !path.startsWith("dist/"));
    const documents = /\.(md|svg|png)$|^test\/examples\/[\w-]+\.(mjs|py)$/;
    expect(others.filter((path) => !documents.test(path)).sort()).toEqual(["LICENSE", "package.json"]);
    expect(packedFiles).toContain("dist/index.d.ts");
    expect(packedFiles.filter((path) => /\.test\.|\.sqlite/.test(path))).toEqual(["dist/catalog.sqlite"]);
    expect(packedFiles.filter((path) => path.startsWith("dist/build/"))).toEqual([]);
  });

  it("holds whatever its documents link to", () => {
    const dead = readDocuments().flatMap((document) => {
      return linksOf(document).filter((link) => !packedFiles.includes(fileOf(document.path, link)));
    });
    expect(dead).toEqual([]);
    expect(packedFiles).toEqual(expect.arrayContaining(["README.md", "src/driver/README.md"]));
  });

  it("brings what it needs of packages that are installed for nobody, with their licences", () => {
    for (const name of [
      "node-sql-parser",
      "google-gax",
      "@google-cloud",
      "rolldown",
      "vega",
      "hucre",
      "prom-client",
      "bintrees",
      "dejavu-fonts-ttf",
    ]) {
      expect(existsSync(join(folder, "node_modules", name))).toBe(false);
    }
    const licenses = readFileSync(join(folder, "node_modules/stripe-sql/dist/licenses.txt"), "utf8");
    const bundled = ["node-sql-parser", "google-gax", "@google-cloud/secret-manager", "stripe", "zod"];
    for (const name of [...bundled, "vega", "vega-lite", "d3-scale", "hucre", "prom-client", "dejavu-fonts-ttf"]) {
      expect(licenses).toMatch(new RegExp(`^${name} \\d`, "m"));
    }
  });

  it("takes less than 200 MB with all that it depends on", () => {
    const bytes = bytesBelow(join(folder, "node_modules"));
    expect(bytes).toBeLessThan(200 * 1024 * 1024);
    // Else nothing was counted.
    expect(bytes).toBeGreaterThan(100 * 1024 * 1024);
  });

  it("gives a command", () => {
    const command = join(folder, "node_modules/.bin/stripe-sql");
    expect(run(folder, command, "--version")).toBe("0.1.0\n");
    expect(run(folder, command, "--sandbox", "-c", "SELECT 1 AS n", "--format", "csv")).toBe("n\r\n1\r\n");
  });

  it("compiles no schema at its first start: one came with it", () => {
    expect(catalogEvents(join(folder, "first-cache"))).toEqual(["catalog opened"]);
  });

  it("compiles the schema of another SDK once, and reads that from then on", () => {
    const file = join(folder, "node_modules/stripe/package.json");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace(/("version":\s*"\d+\.\d+\.)\d+"/, '$1987"'));
    try {
      const cache = join(folder, "other-cache");
      expect(catalogEvents(cache)).toEqual(["catalog compiled"]);
      expect(catalogEvents(cache)).toEqual(["catalog opened"]);
      expect(readdirSync(join(cache, "stripe-sql")).join()).toMatch(/catalog-\d+\.\d+\.987-/);
    } finally {
      writeFileSync(file, text);
    }
  });

  it("gives a driver", () => {
    const script = `
      import { connect } from "stripe-sql";
      const connection = await connect({ sandbox: true });
      const { rows } = await connection.query("SELECT Id FROM Customer LIMIT 2");
      console.log(rows.length);
      await connection.close();
    `;
    expect(run(folder, process.execPath, "--input-type=module", "-e", script)).toBe("2\n");
  });

  it("gives types", () => {
    const program = `
      import { type Connection, connect, StripeSqlError } from "stripe-sql";
      const connection: Connection = await connect({ sandbox: true, maxRequests: 5 });
      for await (const row of connection.stream("SELECT Id FROM Customer LIMIT 2")) console.log(row["Id"]);
      // @ts-expect-error a misspelt option is a mistake
      await connect({ sandbx: true }).catch((error: unknown) => error instanceof StripeSqlError);
    `;
    writeFileSync(join(folder, "program.ts"), program);
    const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2023", "--types", "node"];
    const typeRoots = ["--typeRoots", join(root, "node_modules/@types")];
    const compiler = join(root, "node_modules/.bin/tsc");
    expect(run(folder, compiler, ...options, ...typeRoots, "program.ts")).toBe("");
  });
});

/** What the log tells of the schema when a statement runs with a cache folder of its own. */
function catalogEvents(cache: string): readonly string[] {
  const log = join(folder, "log.jsonl");
  const command = join(folder, "node_modules/.bin/stripe-sql");
  const settings = [`CachePath=${join(cache, "stripe-sql")}`, "Verbosity=2", `LogFile=${log}`];
  const sql = "SELECT Id FROM Product WHERE Id = 'prod_none'";
  run(folder, command, "--sandbox", ...settings.flatMap((setting) => ["--set", setting]), "-c", sql);
  const text = readFileSync(log, "utf8");
  rmSync(log);
  return text.match(/catalog (compiled|opened)/g) ?? [];
}

function bytesBelow(path: string): number {
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

function run(cwd: string, command: string, ...args: readonly string[]): string {
  const env = { ...process.env, STRIPE_API_KEY: "" };
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, env, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? ""}${stdout}${stderr}`);
  return stdout;
}
