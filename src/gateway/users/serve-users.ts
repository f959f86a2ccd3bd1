import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { ScramSecret } from "../authentication/scram-secret.js";
import { deriveScramSecret, parseScramSecret, saltBytes } from "../authentication/scram-secret.js";
import type { ServedUser } from "../server/served-user.js";
import type { GatewayUser } from "./gateway-user.js";

export interface UserSources {
  /** Names of the connections that are served. */
  readonly connections: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** Reads "projects/P/secrets/S/versions/V". */
  readonly readSecret: (name: string) => Promise<string>;
}

/**
 * Users with what their passwords are checked by; the passwords themselves are kept nowhere.
 *
 * @throws StripeSqlError 22023 where a user's connection is not served, or its password is not to be had.
 */
export async function serveUsers(users: readonly GatewayUser[], sources: UserSources): Promise<readonly ServedUser[]> {
  return Promise.all(
    users.map(async (user) => ({
      name: user.name,
      secret: await secretOf(user, sources),
      connection: connectionOf(user, sources.connections),
      readOnly: user.readOnly,
    })),
  );
}

function connectionOf({ name, connection }: GatewayUser, served: readonly string[]): string {
  const [only, ...others] = served;
  if (connection === undefined && only !== undefined && others.length === 0) return only;
  if (connection !== undefined && served.includes(connection)) return connection;
  throw refusal(
    connection === undefined
      ? `user "${name}" is of no connection`
      : `user "${name}" is of connection "${connection}", which is not served`,
    `Served are ${served.join(", ")}.`,
  );
}

async function secretOf({ name, password }: GatewayUser, sources: UserSources): Promise<ScramSecret> {
  if ("verifier" in password) {
    const secret = parseScramSecret(password.verifier);
    if (secret === undefined) throw refusal(`the verifier of user "${name}" is none`);
    return secret;
  }
  const text = await passwordOf(name, password, sources);
  if (text === "") throw refusal(`the password of user "${name}" is empty`);
  return deriveScramSecret({ password: text, salt: randomBytes(saltBytes) });
}

async function passwordOf(
  user: string,
  password: Exclude<GatewayUser["password"], { readonly verifier: string }>,
  { environment, readSecret }: UserSources,
): Promise<string> {
  if ("secret_version" in password) return readSecret(password.secret_version);
  if ("env" in password) {
    const value = environment[password.env];
    if (value === undefined) throw refusal(`${password.env}, the password of user "${user}", is not set`);
    return value;
  }
  try {
    return (await readFile(password.file, "utf8")).replace(/\r?\n$/, "");
  } catch (error) {
    throw refusal(
      `the password file of user "${user}" cannot be read`,
      error instanceof Error ? error.message : String(error),
    );
  }
}

function refusal(message: string, detail?: string): StripeSqlError {
  return new StripeSqlError(message, { sqlState: SqlState.invalidParameterValue, phase: "connect", detail });
}
