import { readFile, stat } from "node:fs/promises";
import { didYouMean } from "../../error/suggestion.js";
import { checkForm } from "./check-form.js";
import type { ConnectionDefinition } from "./connection-definition.js";
import { parseConnectionFileName } from "./connection-file-name.js";
import { defineConnection } from "./define-connection.js";
import type { DocumentTree } from "./document-tree.js";
import { readDocuments } from "./document-tree.js";
import { formMistakes, ownMistakes, terraformMistakes } from "./locate-mistakes.js";
import type { Mistake, ShownMistake } from "./mistake.js";
import { invalidFile, mistakesError } from "./mistake.js";
import { connectionResource, readTerraform } from "./read-terraform.js";

/** A connection and the names by which its file has it. */
interface NamedConnection {
  readonly names: readonly string[];
  readonly definition: ConnectionDefinition;
}

type Read = NamedConnection | readonly ShownMistake[];

const largestBytes = 1_000_000;

/**
 * The connections of a file: of YAML or JSON, one a document; of Terraform's JSON syntax (`*.tf.json`), its Stripe
 * connections of `google_integration_connectors_connection`. "FILE#NAME" gives the one of that name or Terraform
 * label.
 *
 * @throws StripeSqlError 22023, whose detail lists every mistake with its line, path and rule. No secret is shown.
 */
export async function readConnectionFile(file: string): Promise<readonly ConnectionDefinition[]> {
  const { path, connection } = parseConnectionFileName(file) ?? { path: file, connection: undefined };
  const connections = await readNamed(path);
  const chosen = connection === undefined ? connections : choose(connections, connection, path);
  return chosen.map(({ definition }) => definition);
}

/** The same where one connection is wanted. */
export async function readOneConnection(file: string): Promise<ConnectionDefinition> {
  const [definition, ...others] = await readConnectionFile(file);
  if (definition !== undefined && others.length === 0) return definition;
  const names = [definition, ...others].map((each) => each?.name);
  throw invalidFile(
    `connection file ${file} has ${names.length} connections`,
    `Say which with a # and its name: ${names.map((name) => `${file}#${name}`).join(", ")}.`,
  );
}

function choose(connections: readonly NamedConnection[], name: string, path: string): readonly NamedConnection[] {
  const chosen = connections.filter(({ names }) => names.includes(name));
  if (chosen.length > 0) return chosen;
  const all = [...new Set(connections.flatMap(({ names }) => names))];
  const hint = didYouMean(name, all);
  throw invalidFile(
    `connection file ${path} has no connection "${name}"`,
    `It has ${all.join(", ")}.${hint === undefined ? "" : ` ${hint}`}`,
  );
}

async function readNamed(path: string): Promise<readonly NamedConnection[]> {
  if (path.toLowerCase().endsWith(".tf")) throw terraformsOwnLanguage(path);
  const trees = await readDocuments(await readText(path));
  const read = trees.flatMap((tree) => readTree(tree, path));
  const mistakes = read.flatMap((one) => ("names" in one ? [] : one));
  if (mistakes.length > 0) throw mistakesError(`connection file ${path}`, mistakes);
  const connections = read.flatMap((one) => ("names" in one ? [one] : []));
  if (connections.length === 0) throw invalidFile(`connection file ${path} has no connection`);
  requireDistinct(connections, path);
  return connections;
}

function terraformsOwnLanguage(path: string) {
  return invalidFile(
    `connection file ${path} is in Terraform's own language, which is not read`,
    `Write it in Terraform's JSON syntax, ${path}.json: "hcl2json ${path}" makes most of it.`,
  );
}

function requireDistinct(connections: readonly NamedConnection[], path: string): void {
  const full = connections.map(({ definition: { project, location, name } }) =>
    JSON.stringify([project, location, name]),
  );
  const index = full.findIndex((name, at) => full.indexOf(name) < at);
  if (index < 0) return;
  throw invalidFile(`connection file ${path} has two connections named "${connections[index]?.definition.name}"`);
}

async function readText(path: string): Promise<string> {
  let bytes: Buffer;
  try {
    const facts = await stat(path);
    if (!facts.isFile()) throw invalidFile(`connection file ${path} is no file`);
    if (facts.size > largestBytes) throw invalidFile(`connection file ${path} is larger than 1 MB`);
    bytes = await readFile(path);
  } catch (error) {
    throw isSystemError(error) ? unreadable(path, error) : error;
  }
  try {
    return notEmpty(new TextDecoder("utf-8", { fatal: true }).decode(bytes), path);
  } catch (error) {
    throw error instanceof TypeError ? invalidFile(`connection file ${path} is not UTF-8`) : error;
  }
}

function notEmpty(text: string, path: string): string {
  if (text.trim() === "") throw invalidFile(`connection file ${path} is empty`);
  return text;
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}

function unreadable(path: string, error: NodeJS.ErrnoException) {
  if (error.code === "ENOENT") return invalidFile(`connection file ${path} does not exist`);
  return invalidFile(`connection file ${path} cannot be read`, error.code);
}

function readTree(tree: DocumentTree, file: string): readonly Read[] {
  const own = ownMistakes(tree, file);
  if (tree.value === undefined) return [own];
  return [own, ...readValue(tree, file)];
}

function readValue(tree: DocumentTree, file: string): readonly Read[] {
  if (file.toLowerCase().endsWith(".tf.json")) return readTerraformTree(tree, file);
  const checked = checkForm(tree.value);
  if (checked.kind === "mistakes") return [formMistakes(tree, file, checked.mistakes)];
  const definition = defineConnection(checked.form, file);
  return [{ names: [definition.name], definition }];
}

function readTerraformTree(tree: DocumentTree, file: string): readonly Read[] {
  const mistakes: Mistake[] = [];
  const connections = readTerraform(tree.value, mistakes);
  const read = connections.map((connection): Read => {
    const checked = checkForm(connection.form);
    const ofForm = checked.kind === "mistakes" ? checked.mistakes : [];
    if (checked.kind === "mistakes" || connection.mistakes.length > 0) {
      return terraformMistakes(tree, file, { connection, ofForm });
    }
    const definition = defineConnection(checked.form, file);
    return { names: [...new Set([definition.name, connection.label])], definition };
  });
  if (mistakes.length === 0 && connections.length === 0) {
    mistakes.push({ path: [], rule: `this has no Stripe connection of the resource ${connectionResource}` });
  }
  return [...read, formMistakes(tree, file, mistakes)];
}
