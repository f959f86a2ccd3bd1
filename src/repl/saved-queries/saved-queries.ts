import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { didYouMean } from "../../error/suggestion.js";
import { CommandMistake } from "../commands/command-mistake.js";
import { variablesIn } from "../input/variables.js";

export interface SavedQuery {
  readonly name: string;
  /** The comment that it begins with, its first line. */
  readonly description: string;
  /** Variables that it takes. */
  readonly variables: readonly string[];
}

/** `$XDG_CONFIG_HOME/stripe-sql`, else below `~/.config`. */
export function configurationFolder(environment: NodeJS.ProcessEnv): string {
  return join(environment["XDG_CONFIG_HOME"] || join(homedir(), ".config"), "stripe-sql");
}

/** Where queries are saved: as told, by STRIPE_SQL_QUERIES, or in the configuration's folder. */
export function queriesFolder(told: string | undefined, environment: NodeJS.ProcessEnv): string {
  return told ?? (environment["STRIPE_SQL_QUERIES"] || join(configurationFolder(environment), "queries"));
}

/** A name is a file's, in this folder and no other: no separators, no dot first. */
const validName = /^[a-z0-9_][a-z0-9_.-]{0,63}$/i;

/** All of them, by name; none where there is no folder yet. */
export async function savedQueries(folder: string): Promise<readonly SavedQuery[]> {
  const names = await savedNames(folder);
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(fileOf(folder, name), "utf8");
      const [, description = ""] = /^\s*--\s*(.*)/.exec(text) ?? [];
      return { name, description, variables: variablesIn(text) };
    }),
  );
}

/** The text of one. A name that there is not gets the nearest. */
export async function readSavedQuery(folder: string, name: string): Promise<string> {
  const path = fileOf(folder, name);
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (!isMissing(error)) throw error;
    const hint = didYouMean(name, await savedNames(folder));
    throw new CommandMistake(`there is no saved query "${name}" in ${folder}`, hint ?? "\\queries lists them.");
  }
}

/** Writes one, whole or not at all. True where another of its name is replaced. */
export async function saveQuery(folder: string, name: string, statement: string): Promise<boolean> {
  const path = fileOf(folder, name);
  await mkdir(folder, { recursive: true });
  const isReplaced = (await savedNames(folder)).includes(name);
  const partial = `${path}.partial-${process.pid}`;
  try {
    await writeFile(partial, `${statement};\n`);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  return isReplaced;
}

/** Takes one away. A name that there is not gets the nearest. */
export async function removeSavedQuery(folder: string, name: string): Promise<void> {
  await readSavedQuery(folder, name);
  await rm(fileOf(folder, name));
}

function fileOf(folder: string, name: string): string {
  if (validName.test(name)) return join(folder, `${name}.sql`);
  throw new CommandMistake(
    `"${name}" is no name for a saved query`,
    "It has letters, digits, _, - and ., begins with a letter or digit, and is the name of a .sql file.",
  );
}

/** Their names, sorted. */
export async function savedNames(folder: string): Promise<readonly string[]> {
  try {
    const files = await readdir(folder);
    return files
      .filter((file) => file.endsWith(".sql"))
      .map((file) => file.slice(0, -".sql".length))
      .filter((name) => validName.test(name))
      .sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
