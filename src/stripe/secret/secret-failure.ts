import { SqlState } from "../../error/sql-state.js";
import type { StripeSqlErrorOptions } from "../../error/stripe-sql-error.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";

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
export function secretFailure(error: unknown, name: string, serviceAccount?: string): StripeSqlError {
  const shape: GrpcErrorShape = error instanceof Error ? error : {};
  const reason = typeof shape.details === "string" ? shape.details : (shape.message ?? "");
  // A token that is to be renewed is asked for on the way to the secret.
  if (serviceAccount !== undefined && /unable to impersonate/.test(reason)) {
    return impersonationFailure(error, serviceAccount);
  }
  const { message, ...explanation } = explain(shape.code, reason, { name, reader: serviceAccount });
  return failure(message, reason, explanation);
}

/** The error of credentials that are missing or of no use. */
export function credentialsFailure(error: unknown): StripeSqlError {
  return failure("no credentials for Secret Manager", error instanceof Error ? error.message : "", {
    sqlState: SqlState.invalidAuthorization,
    hint: credentialsHint,
  });
}

/** The error of credentials that may not, or cannot, be exchanged for a service account's. */
export function impersonationFailure(error: unknown, serviceAccount: string): StripeSqlError {
  const reason = error instanceof Error ? error.message : "";
  const { message, ...explanation } = explainImpersonation(error, reason, serviceAccount);
  return failure(message, reason, explanation);
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
  return new StripeSqlError(message, { phase: "connect", ...explanation, detail: detail === "" ? undefined : detail });
}

/** The secret's name, and who reads it where that was said. */
interface Reading {
  readonly name: string;
  readonly reader: string | undefined;
}

function explain(code: unknown, reason: string, reading: Reading): Explanation {
  const explained = typeof code === "number" ? explanations[code] : undefined;
  if (explained !== undefined) return explained(reading, reason);
  return { message: `secret ${reading.name} could not be read`, sqlState: SqlState.upstreamError };
}

/** By the numbers of gRPC's status codes. Source: https://grpc.io/docs/guides/status-codes */
const explanations: Readonly<Record<number, (reading: Reading, reason: string) => Explanation>> = {
  1: () => unreachable,
  3: noSuchVersion,
  4: () => unreachable,
  5: noSuchVersion,
  7: (reading, reason) =>
    isApiDisabled(reason) ? apiDisabled(secretManagerApi, reason, projectOf(reading)) : roleMissing(reading, reason),
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

function noSuchVersion({ name }: Reading): Explanation {
  const [secret, project] = [wordOf(name, "secrets"), wordOf(name, "projects")];
  return {
    message: `secret version ${name} does not exist`,
    sqlState: SqlState.invalidParameterValue,
    hint: `Those that do: gcloud secrets versions list ${secret} --project ${project}`,
  };
}

function withoutValue({ name }: Reading): Explanation {
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

interface GoogleApi {
  readonly name: string;
  readonly service: string;
}

const secretManagerApi: GoogleApi = { name: "Secret Manager API", service: "secretmanager.googleapis.com" };
const credentialsApi: GoogleApi = {
  name: "IAM Service Account Credentials API",
  service: "iamcredentials.googleapis.com",
};

/** The project is the one that Google names: whose credentials ask need not be of the secret's project. */
function apiDisabled({ name, service }: GoogleApi, reason: string, otherwise: string): Explanation {
  const project = /in project (?:projects\/)?([\w.:-]+) before/.exec(reason)?.[1] ?? otherwise;
  return {
    message: `the ${name} is not enabled in project ${project}`,
    sqlState: SqlState.insufficientPrivilege,
    hint: `Enable it: gcloud services enable ${service} --project ${project}`,
  };
}

function roleMissing({ name, reader }: Reading, reason: string): Explanation {
  const role = isViewerPermission.test(reason) ? "viewer" : "secretAccessor";
  const identity = reader ?? "the identity that reads it";
  return {
    message: `no permission to read secret ${name}`,
    sqlState: SqlState.insufficientPrivilege,
    hint: `Give ${identity} the role roles/secretmanager.${role} on secret ${wordOf(name, "secrets")}.`,
  };
}

/** What it takes to look at a secret without its value. Source: https://cloud.google.com/secret-manager/docs/access-control */
const isViewerPermission = /secretmanager\.(versions|secrets)\.(get|list)\b/;

function explainImpersonation(error: unknown, reason: string, serviceAccount: string): Explanation {
  if (isApiDisabled(reason)) return apiDisabled(credentialsApi, reason, projectOfAccount(serviceAccount));
  if (/\bNOT_FOUND\b/.test(reason)) {
    return { message: `service account ${serviceAccount} does not exist`, sqlState: SqlState.invalidParameterValue };
  }
  if (/\bPERMISSION_DENIED\b/.test(reason)) {
    return {
      message: `no permission to act as service account ${serviceAccount}`,
      sqlState: SqlState.insufficientPrivilege,
      hint: `Give the identity of the credentials the role roles/iam.serviceAccountTokenCreator on ${serviceAccount}.`,
    };
  }
  if (isUnanswered(error, reason)) {
    return {
      message: "could not reach Google's IAM",
      sqlState: SqlState.connectionFailure,
      retryable: true,
      hint: "Check the network.",
    };
  }
  return {
    message: `the credentials could not be exchanged for those of service account ${serviceAccount}`,
    sqlState: SqlState.invalidAuthorization,
    hint: credentialsHint,
  };
}

function isUnanswered(error: unknown, reason: string): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return /\b(ECONN\w+|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|TimeoutError|UNAVAILABLE)\b/.test(
    `${code} ${reason}`,
  );
}

/** "shop" of "reader@shop.iam.gserviceaccount.com". */
function projectOfAccount(serviceAccount: string): string {
  return /@([^.]+)\./.exec(serviceAccount)?.[1] ?? "";
}

function projectOf({ name }: Reading): string {
  return wordOf(name, "projects");
}

/** The word that follows a word of the name: the project's after "projects". */
function wordOf(name: string, before: "projects" | "secrets"): string {
  const words = name.split("/");
  return words[words.indexOf(before) + 1] ?? "";
}
