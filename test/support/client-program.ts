import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

export interface ClientProgram {
  /** A name that the PATH has, or a whole path. */
  readonly program: string;
  /** What to do where it is missing: "apt-get install postgresql-client". */
  readonly install: string;
}

export interface ClientRunOptions {
  readonly input?: string | undefined;
  /** Beside PATH, HOME and TMPDIR, the only ones that are passed on. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly folder?: string;
}

export interface ClientRun {
  readonly status: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs a client to its end. One that is not installed fails the test, saying what to install. */
export async function runClient(
  { program, install }: ClientProgram,
  args: readonly string[],
  { input = "", environment = {}, folder }: ClientRunOptions = {},
): Promise<ClientRun> {
  if (!isInstalled(program)) throw new Error(`${program} is not installed: ${install}`);
  const own = {
    PATH: process.env["PATH"],
    HOME: process.env["TMPDIR"],
    TMPDIR: process.env["TMPDIR"],
    LANG: "C.UTF-8",
  };
  const child = spawn(program, args, { env: { ...own, ...environment }, cwd: folder });
  let [output, errors] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  // A client that ends without reading its input breaks the pipe.
  child.stdin.on("error", () => undefined).end(input);
  const [status] = (await once(child, "close")) as [number | null];
  return { status, output, errors };
}

function isInstalled(program: string): boolean {
  if (isAbsolute(program)) return existsSync(program);
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.some((folder) => existsSync(join(folder, program)));
}
