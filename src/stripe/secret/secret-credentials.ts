import { credentialsFailure, impersonationFailure } from "./secret-failure.js";
import type { googleAuthLibrary } from "./secret-library.js";

export interface SecretCredentialsOptions {
  /** Key file of Google's, of any kind; default: Google's application default credentials. */
  readonly keyFile?: string | undefined;
  /** E-mail of the service account that is to read; default: whose the credentials are. */
  readonly serviceAccount?: string | undefined;
  /** Server that lends a service account's identity. Default "https://iamcredentials.googleapis.com". */
  readonly credentialsEndpoint?: string | undefined;
}

type Auth = InstanceType<typeof googleAuthLibrary.GoogleAuth>;

const scope = "https://www.googleapis.com/auth/cloud-platform";
const timeoutMs = 10_000;

/**
 * Credentials that read as the service account which is asked for. Where those at hand are another identity's, they
 * are exchanged for the account's, which needs the role roles/iam.serviceAccountTokenCreator on it.
 * Source: https://cloud.google.com/iam/docs/service-account-impersonation
 */
export async function openSecretCredentials(options: SecretCredentialsOptions): Promise<Auth> {
  const { googleAuthLibrary: library } = await import("./secret-library.js");
  const { keyFile, serviceAccount } = options;
  const own = new library.GoogleAuth({
    scopes: [scope],
    clientOptions: { transporterOptions: { timeout: timeoutMs } },
    ...(keyFile === undefined ? {} : { keyFilename: keyFile }),
  });
  // A service account's key then signs by itself, with no request for a token.
  own.useJWTAccessWithScope = true;
  if (serviceAccount === undefined || (await identityOf(own)) === serviceAccount) return own;
  return impersonating(own, serviceAccount, options.credentialsEndpoint);
}

/** E-mail of a service account; undefined for a person, or a workload of another cloud. */
async function identityOf(auth: Auth): Promise<string | undefined> {
  try {
    return (await auth.getCredentials()).client_email ?? undefined;
  } catch (error) {
    throw credentialsFailure(error);
  }
}

async function impersonating(own: Auth, serviceAccount: string, endpoint: string | undefined): Promise<Auth> {
  const { googleAuthLibrary: library } = await import("./secret-library.js");
  const authClient = new library.Impersonated({
    sourceClient: await own.getClient(),
    targetPrincipal: serviceAccount,
    targetScopes: [scope],
    ...(endpoint === undefined ? {} : { endpoint }),
  });
  try {
    // Here a refusal can still be told from one of the secret itself.
    await authClient.getAccessToken();
  } catch (error) {
    throw impersonationFailure(error, serviceAccount);
  }
  return new library.GoogleAuth({ authClient });
}
