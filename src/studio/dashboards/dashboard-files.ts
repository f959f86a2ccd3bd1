import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pLimit from "p-limit";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { didYouMean } from "../../error/suggestion.js";
import { readDashboard } from "./read-dashboard.js";

const ending = ".dashboard.yaml";
/** A name is a file's, in this folder and no other: no separators, no dot first. */
const validName = /^[a-z0-9_][a-z0-9_.-]{0,63}$/i;

export interface DashboardText {
  readonly text: string;
  /** Tells this text from any other that the file may hold. */
  readonly version: string;
}

/** The dashboards of a folder: "revenue" is its file revenue.dashboard.yaml. */
export class DashboardFiles {
  /** Between a look at a file and its change there is to be no other's. */
  readonly #oneByOne = pLimit(1);

  constructor(private readonly folder: string) {}

  /** Sorted; none where there is no folder yet. */
  async names(): Promise<readonly string[]> {
    const files = await readdir(this.folder).catch(unlessMissing([]));
    return files
      .filter((file) => file.endsWith(ending))
      .map((file) => file.slice(0, -ending.length))
      .filter((name) => validName.test(name))
      .sort();
  }

  /** What a dashboard's file is called. */
  fileName(name: string): string {
    return `${name}${ending}`;
  }

  /** @throws StripeSqlError 42704 where there is none of this name, with the nearest. */
  async read(name: string): Promise<DashboardText> {
    const found = await this.#readIfThere(name);
    if (found !== undefined) return found;
    throw new StripeSqlError(`there is no dashboard "${name}" in ${this.folder}`, {
      ...{ sqlState: SqlState.undefinedObject, phase: "execute", hint: didYouMean(name, await this.names()) },
    });
  }

  /**
   * Writes one, whole or not at all.
   *
   * @param version Of the text that was changed; undefined for a new dashboard.
   * @returns The new version.
   * @throws StripeSqlError 22023 for a text that is no dashboard, 55000 where the file has become another meanwhile.
   */
  async write(name: string, text: string, version: string | undefined): Promise<string> {
    const path = this.#path(name);
    await readDashboard(text, this.fileName(name));
    return this.#oneByOne(() => this.#replace(name, { path, text, version }));
  }

  async #replace(
    name: string,
    { path, text, version }: { readonly path: string; readonly text: string; readonly version: string | undefined },
  ): Promise<string> {
    await mkdir(this.folder, { recursive: true });
    const partial = `${path}.partial-${randomUUID()}`;
    try {
      await writeFile(partial, text);
      const there = await this.#readIfThere(name);
      if (there?.version !== version)
        throw changedMeanwhile(this.fileName(name), { version, isThere: there !== undefined });
      await rename(partial, path);
    } finally {
      await rm(partial, { force: true });
    }
    return versionOf(text);
  }

  async #readIfThere(name: string): Promise<DashboardText | undefined> {
    const text = await readFile(this.#path(name), "utf8").catch(unlessMissing(undefined));
    return text === undefined ? undefined : { text, version: versionOf(text) };
  }

  #path(name: string): string {
    if (validName.test(name)) return join(this.folder, this.fileName(name));
    throw new StripeSqlError(`"${name}" is no name for a dashboard`, {
      sqlState: SqlState.invalidParameterValue,
      phase: "execute",
      hint: `It has letters, digits, _, - and ., begins with a letter or digit, and is the name of a ${ending} file.`,
    });
  }
}

const versionOf = (text: string): string => createHash("sha256").update(text).digest("hex");

function changedMeanwhile(
  file: string,
  { version, isThere }: { readonly version: string | undefined; readonly isThere: boolean },
): StripeSqlError {
  const what = version === undefined ? "is there already" : isThere ? "was changed" : "was removed";
  return new StripeSqlError(`${file} ${what} meanwhile, and is left as it is`, {
    sqlState: SqlState.objectNotInPrerequisiteState,
    phase: "execute",
    hint: "Open it again, or save this one under another name.",
  });
}

/** What there is instead of a file, or folder, that is missing. */
function unlessMissing<Instead>(instead: Instead): (error: unknown) => Instead {
  return (error) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return instead;
    throw error;
  };
}
