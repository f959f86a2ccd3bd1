import { execFile } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { ExampleRun } from "./run-statements.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);

/** Compiles and runs TypeScript in a project that has the package installed. */
export async function runProgramText(folder: string, name: string, text: string): Promise<ExampleRun> {
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  const linked = join(folder, "node_modules/stripe-sql");
  symlinkOnce(root, linked);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(join(folder, `${name}.ts`), text);
  await run(join(root, "node_modules/.bin/tsc"), [...compilerOptions, `${name}.ts`], { cwd: folder });
  const env = { ...process.env, STRIPE_API_KEY: "" };
  const { stdout } = await run(process.execPath, [`${name}.js`], { cwd: folder, env });
  return { succeeded: true, output: stdout };
}

const compilerOptions = [
  ...["--strict", "--noUncheckedIndexedAccess", "--exactOptionalPropertyTypes", "--skipLibCheck"],
  ...["--target", "es2023", "--module", "nodenext", "--types", "node"],
  ...["--typeRoots", join(root, "node_modules/@types")],
];

function symlinkOnce(target: string, path: string): void {
  try {
    symlinkSync(target, path, "dir");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
}
