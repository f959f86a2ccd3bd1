import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommandMistake } from "./command-mistake.js";
import { runProgram } from "./run-program.js";
import type { Shell } from "./shell.js";

/**
 * `\e`: the statement being typed, or the last one, in the person's editor. As in psql, what then ends with a semicolon
 * runs, and what does not goes on being typed; a text that was left as it was does nothing. A file is edited in place.
 */
export async function editQuery(file: string | undefined, shell: Shell): Promise<boolean> {
  if (file !== undefined) return edit(file, await textIfThere(file), shell);
  const folder = await mkdtemp(join(tmpdir(), "stripe-sql-edit-"));
  try {
    const path = join(folder, "query.sql");
    const { text, current } = shell.query;
    // The last statement comes with its semicolon, so that it runs again once it is changed.
    const before = current === "" ? "" : `${current}${text.trim() === "" ? ";" : ""}\n`;
    await writeFile(path, before, { mode: 0o600 });
    return await edit(path, before, shell);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function edit(path: string, before: string | undefined, shell: Shell): Promise<boolean> {
  const editor = shell.environment["VISUAL"] || shell.environment["EDITOR"] || "vi";
  const command = `${editor} '${path.replaceAll("'", "'\\''")}'`;
  const status = await shell.lendTerminal(() => runProgram(command, shell.environment));
  if (status !== 0) throw new CommandMistake(`the editor "${editor}" ended with ${status}: nothing is changed`);
  const after = await textIfThere(path);
  if (after === undefined || after === before) return true;
  shell.query.text = "";
  shell.say(after.trimEnd());
  return shell.feed(after);
}

async function textIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
