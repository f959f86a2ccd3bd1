import { z } from "zod";
import { untilAborted } from "../linked-abort.js";
import type { SecretCredentialsOptions } from "./secret-credentials.js";
import { openSecretCredentials } from "./secret-credentials.js";
import { credentialsFailure, secretFailure, unreadableSecret } from "./secret-failure.js";
import type { SecretManagerServiceClient } from "./secret-library.js";
import type { SecretSource } from "./secret-source.js";

export interface SecretSourceOptions extends SecretCredentialsOptions {
  /** Host and port of another server than Google's own: "127.0.0.1:8085". */
  readonly endpoint?: string | undefined;
  /** True to speak without TLS and without credentials. Default false. */
  readonly insecure?: boolean | undefined;
}

const timeoutMs = 10_000;

/** Secrets read so far, by source and name. They are kept in this process's memory and nowhere else. */
const values = new Map<string, Promise<string>>();

/** Google's Secret Manager. Its client, and the credentials that it needs, are loaded with the first `read`. */
export function openSecretSource(options: SecretSourceOptions = {}): SecretSource {
  let opening: Promise<SecretManagerServiceClient> | undefined;
  const open = () => {
    opening ??= openClient(options).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
  return {
    read: (name, signal) => {
      const value = kept(keyOf(options, name), async () => fetchSecret(await open(), name, options.serviceAccount));
      return signal === undefined ? value : untilAborted(value, signal);
    },
    forget: (name) => void values.delete(keyOf(options, name)),
    close: async () => (await opening?.catch(() => undefined))?.close(),
  };
}

function keyOf({ endpoint, insecure, keyFile, serviceAccount }: SecretSourceOptions, name: string): string {
  return JSON.stringify([endpoint, insecure, keyFile, serviceAccount, name]);
}

function kept(key: string, fetch: () => Promise<string>): Promise<string> {
  const known = values.get(key);
  if (known !== undefined) return known;
  const value = fetch();
  values.set(key, value);
  value.catch(() => {
    if (values.get(key) === value) values.delete(key);
  });
  return value;
}

async function openClient(options: SecretSourceOptions): Promise<SecretManagerServiceClient> {
  const { SecretManagerServiceClient: Client } = await import("./secret-library.js");
  const client = new Client({
    ...addressOf(options.endpoint),
    ...(options.insecure === true ? await withoutCredentials() : { auth: await openSecretCredentials(options) }),
  });
  try {
    // Called by itself: the client's own methods let a failure of this escape as an unhandled rejection.
    await client.initialize();
  } catch (error) {
    throw credentialsFailure(error);
  }
  return client;
}

function addressOf(endpoint: string | undefined): { readonly apiEndpoint?: string; readonly port?: number } {
  if (endpoint === undefined) return {};
  const { hostname, port } = new URL(`https://${endpoint}`);
  return { apiEndpoint: hostname, port: port === "" ? 443 : Number(port) };
}

async function withoutCredentials() {
  const { googleAuthLibrary, grpc } = await import("./secret-library.js");
  const { GoogleAuth, PassThroughClient } = googleAuthLibrary;
  return {
    sslCreds: grpc.credentials.createInsecure(),
    // Else the client looks for credentials that it then does not use.
    auth: new GoogleAuth({ authClient: new PassThroughClient() }),
  };
}

const accessedVersion = z
  .tuple([z.object({ payload: z.object({ data: z.instanceof(Uint8Array) }) })])
  .rest(z.unknown());

/** The client's method of this name is passed by: where GOOGLE_SDK_NODE_LOGGING is set, it prints the secret. */
async function fetchSecret(
  client: SecretManagerServiceClient,
  name: string,
  serviceAccount: string | undefined,
): Promise<string> {
  const options = {
    timeout: timeoutMs,
    retry: null,
    otherArgs: { headers: { "x-goog-request-params": `name=${encodeURIComponent(name)}` } },
  };
  let answer: unknown;
  try {
    answer = await client.innerApiCalls["accessSecretVersion"]?.({ name }, options);
  } catch (error) {
    throw secretFailure(error, name, serviceAccount);
  }
  const version = accessedVersion.safeParse(answer);
  const value = version.success ? Buffer.from(version.data[0].payload.data).toString("utf8").trim() : "";
  if (value === "") throw unreadableSecret(name);
  return value;
}
