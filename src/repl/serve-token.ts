import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";

/** What the requests to a server have to bring. */
export interface ServeToken {
  readonly text: string;
  /** False where it was made up here, so that nobody knows it yet. */
  readonly isGiven: boolean;
}

/** The token of the file, else that of STRIPE_SQL_TOKEN, else a random one. Fails with SQLSTATE 22023. */
export function readServeToken(file: string | undefined, environment: NodeJS.ProcessEnv): ServeToken {
  const given = file === undefined ? environment["STRIPE_SQL_TOKEN"]?.trim() || undefined : readTokenFile(file);
  if (given === undefined) return { text: randomBytes(32).toString("base64url"), isGiven: false };
  const source = file === undefined ? "STRIPE_SQL_TOKEN" : `token file ${file}`;
  if (given === "") throw refusal(`${source} is empty`);
  if (!/^[\x21-\x7e]+$/.test(given)) {
    throw refusal(`${source} holds no token`, "It must be printable ASCII characters without spaces, on one line.");
  }
  return { text: given, isGiven: true };
}

function readTokenFile(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    throw refusal("the token file cannot be read", error instanceof Error ? error.message : String(error));
  }
}

function refusal(message: string, detail?: string): StripeSqlError {
  return new StripeSqlError(message, {
    sqlState: SqlState.invalidParameterValue,
    phase: "connect",
    detail,
  });
}
