import { SqlState } from "../error/sql-state.js";
import type { StripeSqlErrorOptions } from "../error/stripe-sql-error.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";

/** What gRPC says of a refused call; any of it may be missing. */
interface GrpcErrorShape {
  readonly message?: string;
  readonly code?: unknown;
  readonly details?: unknown;
}

type Explanation = Pick<StripeSqlErrorOptions, "sqlState" | "retryable" | "hint"> & { readonly message: string };

const credentialsHint =
  "Give application default credentials: GOOGLE_APPLICATION_CREDENTIALS, gcloud auth application-default login, " +
  "or the service account of the machine.";

/**
 * The error of a secret that could not be read. None of these errors has a `cause`: what Google's libraries throw
 * may hold the request, and with it a token or a private key.
 */
export function secretFailure(error: unknown, name: string): StripeSqlError {
  const shape: GrpcErrorShape = error instanceof Error ? error : {};
  const reason = typeof shape.details === "string" ? shape.details : (shape.message ?? "");
  const { message, ...explanation } = explain(shape.code, reason, name);
  return failure(message, reason, explanation);
}

/** The error of credentials that are missing or of no use. */
export function credentialsFailure(error: unknown): StripeSqlError {
  return failure("no credentials for Secret Manager", error instanceof Error ? error.message : "", {
    sqlState: SqlState.invalidAuthorization,
    hint: credentialsHint,
  });
}

/** The error of a secret that holds nothing, or whose answer is of another form. */
export function unreadableSecret(name: string): StripeSqlError {
  return failure(`secret ${name} holds no text`, "", { sqlState: SqlState.invalidParameterValue });
}

/** The error of a secret whose value cannot be a key. The value is not shown. */
export function unfitSecret(name: string): StripeSqlError {
  return failure(`secret ${name} holds no Stripe key`, "", {
    sqlState: SqlState.invalidParameterValue,
    hint: "Its value must be a secret or restricted key (sk_… or rk_…), nothing else.",
  });
}

/** The same for the password of a proxy. */
export function unfitPassword(name: string): StripeSqlError {
  return failure(`secret ${name} holds no password`, "", {
    sqlState: SqlState.invalidParameterValue,
    hint: "Its value must be the proxy's password, of one line and nothing else.",
  });
}

function failure(
  message: string,
  detail: string,
  explanation: Pick<StripeSqlErrorOptions, "sqlState" | "retryable" | "hint">,
): StripeSqlError {
  return new StripeSqlError(message, { phase: "connect", ...explanation, ...(detail === "" ? {} : { detail }) });
}

function explain(code: unknown, reason: string, name: string): Explanation {
  const explained = typeof code === "number" ? explanations[code] : undefined;
  if (explained !== undefined) return explained(name, reason);
  return { message: `secret ${name} could not be read`, sqlState: SqlState.upstreamError };
}

/** By the numbers of gRPC's status codes. Source: https://grpc.io/docs/guides/status-codes */
const explanations: Readonly<Record<number, (name: string, reason: string) => Explanation>> = {
  1: () => unreachable,
  3: noSuchVersion,
  4: () => unreachable,
  5: noSuchVersion,
  7: (name, reason) => (isApiDisabled(reason) ? apiDisabled(name) : roleMissing(name)),
  8: () => quotaUsedUp,
  9: withoutValue,
  14: () => unreachable,
  16: () => credentialsRefused,
};

const unreachable: Explanation = {
  message: "could not reach Secret Manager",
  sqlState: SqlState.connectionFailure,
  retryable: true,
  hint: "Check the network and, where it is set, SecretEndpoint.",
};

const quotaUsedUp: Explanation = {
  message: "Secret Manager's quota is used up",
  sqlState: SqlState.configurationLimitExceeded,
  retryable: true,
};

const credentialsRefused: Explanation = {
  message: "Secret Manager does not accept the credentials",
  sqlState: SqlState.invalidAuthorization,
  hint: credentialsHint,
};

function noSuchVersion(name: string): Explanation {
  const [secret, project] = [wordOf(name, "secrets"), wordOf(name, "projects")];
  return {
    message: `secret version ${name} does not exist`,
    sqlState: SqlState.invalidParameterValue,
    hint: `Those that do: gcloud secrets versions list ${secret} --project ${project}`,
  };
}

function withoutValue(name: string): Explanation {
  return {
    message: `secret version ${name} has no value`,
    sqlState: SqlState.invalidParameterValue,
    hint: "Enable the version, or name another one: a disabled or destroyed version cannot be read.",
  };
}

/** "Secret Manager API has not been used in project 1 before or it is disabled." comes under the same code as a missing role. */
function isApiDisabled(reason: string): boolean {
  return /has not been used in project|it is disabled|SERVICE_DISABLED/i.test(reason);
}

function apiDisabled(name: string): Explanation {
  const project = wordOf(name, "projects");
  return {
    message: `the Secret Manager API is not enabled in project ${project}`,
    sqlState: SqlState.insufficientPrivilege,
    hint: `Enable it: gcloud services enable secretmanager.googleapis.com --project ${project}`,
  };
}

function roleMissing(name: string): Explanation {
  return {
    message: `no permission to read secret ${name}`,
    sqlState: SqlState.insufficientPrivilege,
    hint: `Give the identity that reads it the role roles/secretmanager.secretAccessor on secret ${wordOf(name, "secrets")}.`,
  };
}

/** The word that follows a word of the name: the project's after "projects". */
function wordOf(name: string, before: "projects" | "secrets"): string {
  const words = name.split("/");
  return words[words.indexOf(before) + 1] ?? "";
}
