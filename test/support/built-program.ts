import type { ChildProcess } from "node:child_process";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const program = join(root, "dist/repl/start.cjs");
/** What the build writes last. */
const lastBuilt = join(root, "dist/catalog.sqlite");

export interface ProgramRun {
  readonly status: number | null;
  readonly output: string;
  readonly errors: string;
}

export interface ProgramOptions {
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Where it runs; default where the tests do. */
  readonly folder?: string;
  /** Called once it has started. */
  readonly started?: (child: ChildProcess) => void;
}

/** Compiles the program where its sources are newer than what was compiled. */
export function ensureBuilt(): void {
  if (existsSync(lastBuilt) && statSync(lastBuilt).mtimeMs > newestSource()) return;
  const { status, stdout, stderr } = spawnSync("npm", ["run", "build"], { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`the program does not compile:\n${stdout}${stderr}`);
}

/** Runs the compiled program as a user would, without the user's own key, history and cache. */
export function runProgram(args: readonly string[], options: ProgramOptions = {}): Promise<ProgramRun> {
  const child = spawn(process.execPath, [program, ...args], {
    env: programEnvironment(options.environment),
    ...(options.folder === undefined ? {} : { cwd: options.folder }),
  });
  return ended(child, options);
}

/** The same in a shell's pipeline; `$PROGRAM` stands for the program. */
export function runShell(script: string): Promise<ProgramRun> {
  const environment = { PROGRAM: `${process.execPath} ${program}` };
  return ended(spawn("bash", ["-c", script], { env: programEnvironment(environment) }), {});
}

async function ended(child: ReturnType<typeof spawn>, { input, started }: ProgramOptions): Promise<ProgramRun> {
  let output = "";
  let errors = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  // A program that ends without reading its input breaks the pipe.
  child.stdin?.on("error", () => {});
  child.stdin?.end(input ?? "");
  started?.(child);
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { status, output, errors };
}

/** What a program needs of the tests' own environment: no key of the user's, and the run's folders. */
export function programEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const names = ["PATH", "TMPDIR", "XDG_CACHE_HOME", "XDG_STATE_HOME", "STRIPE_SQL_SANDBOX_START"];
  const inherited = Object.fromEntries(names.map((name) => [name, process.env[name] ?? ""]));
  return { ...inherited, HOME: tmpdir(), ...more };
}

function newestSource(): number {
  const folders = ["src", "grammar"].map((folder) => join(root, folder));
  const files = folders.flatMap((folder) => {
    return readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => join(folder, file));
  });
  const written = files.filter((file) => !/generated|\.md$|\.svg$/.test(file)).map((file) => statSync(file).mtimeMs);
  return Math.max(...written);
}
