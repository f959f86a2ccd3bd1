import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { readDocuments } from "../../driver/connection-file/document-tree.js";
import { formMistakes, ownMistakes } from "../../driver/connection-file/locate-mistakes.js";
import type { Mistake } from "../../driver/connection-file/mistake.js";
import { invalidFile, mistakesError } from "../../driver/connection-file/mistake.js";
import type { GatewayUser } from "./gateway-user.js";
import type { PasswordForm, UsersForm } from "./users-form.js";
import { usersForm } from "./users-form.js";

/**
 * The users of a file of YAML or JSON.
 *
 * @throws StripeSqlError 22023, whose detail lists every mistake with its line, path and rule. No password is shown.
 */
export async function readUsersFile(file: string): Promise<readonly GatewayUser[]> {
  const [tree, ...more] = await readDocuments(await readText(file));
  if (tree === undefined || more.length > 0) throw invalidFile(`users file ${file} is not one document`);
  const own = ownMistakes(tree, file);
  if (own.length > 0) throw mistakesError(`users file ${file}`, own);
  const result = usersForm.safeParse(tree.value);
  const mistakes = result.success ? repeatedNames(result.data) : result.error.issues.flatMap(mistakesOf);
  if (mistakes.length > 0) throw mistakesError(`users file ${file}`, formMistakes(tree, file, mistakes));
  return (result.data?.users ?? []).map((user) => ({
    name: user.name,
    password: located(user.password, file),
    connection: user.connection,
    readOnly: user.read_only ?? false,
  }));
}

/** A path in a file starts at the file's folder. */
function located(password: PasswordForm, file: string): PasswordForm {
  return "file" in password ? { file: resolve(dirname(file), password.file) } : password;
}

function mistakesOf(issue: { readonly code: string; readonly path: PropertyKey[]; readonly message: string }) {
  const path = issue.path.filter((step) => typeof step !== "symbol");
  const keys = "keys" in issue && Array.isArray(issue.keys) ? issue.keys.map(String) : [];
  if (issue.code !== "unrecognized_keys") return [{ path, rule: issue.message }];
  const known = path.length === 0 ? ["users"] : ["name", "password", "connection", "read_only"];
  const hint = `The keys are ${known.join(", ")}.`;
  return keys.map((key): Mistake => ({ path: [...path, key], isKey: true, rule: "is no known key", hint }));
}

function repeatedNames({ users }: UsersForm): readonly Mistake[] {
  const names = users.map(({ name }) => name);
  return names.flatMap((name, index) =>
    names.indexOf(name) < index ? [{ path: ["users", index, "name"], rule: "is another user's name too" }] : [],
  );
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw invalidFile(`users file ${file} cannot be read`, error instanceof Error ? error.message : String(error));
  }
}
