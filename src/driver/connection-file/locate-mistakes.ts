import { isSecretPath } from "./check-form.js";
import type { DocumentTree } from "./document-tree.js";
import type { Mistake, ShownMistake } from "./mistake.js";
import type { Path } from "./path.js";
import { pathKey, printPath, valueAt } from "./path.js";
import type { TerraformConnection } from "./read-terraform.js";
import { terraformNames } from "./read-terraform.js";

const longestShown = 60;

/** Mistakes of the text itself. */
export function ownMistakes(tree: DocumentTree, file: string): readonly ShownMistake[] {
  return tree.mistakes.map((mistake) => ({
    ...mistake,
    place: { file, ...mistake.place },
    name: printPath(mistake.path),
    shown: undefined,
  }));
}

/** Mistakes by the form's paths, which are the document's. */
export function formMistakes(tree: DocumentTree, file: string, mistakes: readonly Mistake[]): readonly ShownMistake[] {
  return mistakes.map((mistake) => ({
    ...mistake,
    place: { file, ...tree.place(mistake.path, partOf(mistake)) },
    name: printPath(mistake.path),
    shown: shownValue(tree.value, mistake),
  }));
}

/** Those of an object that a program gives. */
export function objectMistakes(value: unknown, mistakes: readonly Mistake[]): readonly ShownMistake[] {
  return mistakes.map((mistake) => ({
    ...mistake,
    place: undefined,
    name: printPath(mistake.path),
    shown: shownValue(value, mistake),
  }));
}

/** Those of a connection of Terraform's and of the form that it was turned into, by the paths of Terraform's file. */
export function terraformMistakes(
  tree: DocumentTree,
  file: string,
  { connection, ofForm }: { readonly connection: TerraformConnection; readonly ofForm: readonly Mistake[] },
): readonly ShownMistake[] {
  const place = (path: Path, mistake: Mistake) => ({ file, ...tree.place(path, partOf(mistake)) });
  const own = connection.mistakes.map((mistake) => ({
    ...mistake,
    place: place(mistake.path, mistake),
    name: terraformName(mistake.path),
    shown: undefined,
  }));
  const further = ofForm
    .filter(({ path }) => !isToldAlready(connection, path))
    .map((mistake) => {
      const origin = originOf(connection, mistake.path);
      const name = nameOf(connection, mistake.path, origin);
      return { ...mistake, place: place(origin, mistake), name, shown: shownValue(connection.form, mistake) };
    });
  return [...own, ...further];
}

/** "stripe_eu.node_config.max_node_count"; of what is missing, what would be there. */
function nameOf({ origins }: TerraformConnection, path: Path, origin: Path): string {
  if (origins.has(pathKey(path))) return terraformName(origin);
  const missing = printPath(path);
  return `${terraformName(origin)}: ${terraformNames[missing] ?? missing}`;
}

function partOf({ isKey }: Mistake): "key" | "value" {
  return isKey === true ? "key" : "value";
}

/** What could not be taken from Terraform's file is missing from the form for no other reason. */
function isToldAlready({ origins, mistakes }: TerraformConnection, path: Path): boolean {
  const origin = origins.get(pathKey(path));
  return (
    origin !== undefined && mistakes.some((mistake) => isWithin(mistake.path, origin) || isWithin(origin, mistake.path))
  );
}

function isWithin(path: Path, outer: Path): boolean {
  return outer.every((step, index) => path[index] === step);
}

/** Where the value stands, or what it would stand in. */
function originOf({ origins, path: whole }: TerraformConnection, path: Path): Path {
  for (let length = path.length; length > 0; length -= 1) {
    const origin = origins.get(pathKey(path.slice(0, length)));
    if (origin !== undefined) return origin;
  }
  return whole;
}

/** "stripe_eu.config_variable[2].string_value": without the resource's type. */
function terraformName(path: Path): string {
  const [, ...inner] = path.filter((step, index) => index > 3 || typeof step === "string");
  return printPath(inner.slice(1));
}

function shownValue(root: unknown, { path, isKey }: Mistake): string | undefined {
  if (isKey === true || isSecretPath(path)) return undefined;
  const value = valueAt(root, path);
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return JSON.stringify(cut(value));
  return value === null || ["number", "boolean", "bigint"].includes(typeof value) ? String(value) : undefined;
}

function cut(text: string): string {
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}
