import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

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
  it("holds the compiled program and its documentation, nothing else", () => {
    const others = packedFiles.filter((path) => !path.startsWith("dist/"));
    expect(others.sort()).toEqual(["LICENSE", "README.md", "package.json"]);
    expect(packedFiles).toContain("dist/index.d.ts");
    expect(packedFiles.filter((path) => /\.test\.|\.sqlite/.test(path))).toEqual([]);
  });

  it("gives a command", () => {
    const command = join(folder, "node_modules/.bin/stripe-sql");
    expect(run(folder, command, "--version")).toBe("0.1.0\n");
    expect(run(folder, command, "--sandbox", "-c", "SELECT 1 AS n", "--format", "csv")).toBe("n\r\n1\r\n");
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

function run(cwd: string, command: string, ...args: readonly string[]): string {
  const env = { ...process.env, STRIPE_API_KEY: "" };
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, env, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? ""}${stdout}${stderr}`);
  return stdout;
}
