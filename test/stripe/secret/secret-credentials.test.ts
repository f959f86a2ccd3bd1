import { generateKeyPairSync } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { SecretSourceOptions } from "../../../src/stripe/secret/secret-manager.js";
import { openSecretSource } from "../../../src/stripe/secret/secret-manager.js";
import type { SecretSource } from "../../../src/stripe/secret/secret-source.js";
import { testFolder } from "../../support/folder.js";
import { errorOf, json } from "../../support/scripted-client.js";
import type { Answer, RecordedRequest, ScriptedServer } from "../../support/scripted-server.js";
import { startScriptedServer } from "../../support/scripted-server.js";
import type { SecretServer } from "../../support/secret-server.js";
import { startSecretServer } from "../../support/secret-server.js";
import { selfSignedCertificate } from "../../support/self-signed-certificate.js";

// gRPC looks for the file's name when it is loaded, and for the file when it first needs it.
const rootsFile = vi.hoisted(() => {
  const file = `${process.env["TMPDIR"] ?? "/tmp"}/stripe-sql-roots-${process.pid}.pem`;
  process.env["GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"] = file;
  return file;
});

const folder = testFolder();
const certificate = selfSignedCertificate("localhost");
const name = "projects/shop/secrets/stripe-key/versions/latest";
const secret = ["sk", "test", "behindTls01"].join("_");
const reader = "reader@shop.iam.gserviceaccount.com";
const other = "robot@ci.iam.gserviceaccount.com";

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const part of open.splice(0)) await part.close();
  for (const variable of ["GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CLOUD_PROJECT"]) delete process.env[variable];
});

beforeAll(() => writeFileSync(rootsFile, certificate.cert));
afterAll(() => rmSync(rootsFile));

async function startSecure(): Promise<SecretServer> {
  const server = await startSecretServer(certificate);
  server.set(name, secret);
  return server;
}

function sourceOf(server: SecretServer, options: SecretSourceOptions): SecretSource {
  const source = openSecretSource({ endpoint: server.endpoint, ...options });
  open.push(source);
  return source;
}

/** Of a service account, as Google gives it out. */
function accountKeyFile(email: string): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const private_key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const content = { type: "service_account", client_email: email, private_key_id: "1", private_key };
  return folder.write(`${email}.json`, JSON.stringify({ ...content, project_id: "shop" }));
}

/** Of a workload elsewhere, which has a token of its own exchanged at `tokens`. */
function workloadFile(tokens: ScriptedServer): string {
  const content = {
    type: "external_account",
    audience: "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/p",
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    token_url: `${tokens.url}/token`,
    credential_source: { file: folder.write("subject.jwt", "subject-token") },
  };
  return folder.write("workload.json", JSON.stringify(content));
}

/** Google's two servers of tokens: the one that exchanges tokens, and the one that lends identities. */
async function startTokens(lend: () => Answer): Promise<ScriptedServer> {
  const tokens = await startScriptedServer(({ path }: RecordedRequest) => {
    if (path !== "/token") return lend();
    const type = "urn:ietf:params:oauth:token-type:access_token";
    return json({
      access_token: "ya29.ofTheWorkload",
      issued_token_type: type,
      token_type: "Bearer",
      expires_in: 3600,
    });
  });
  open.push(tokens);
  return tokens;
}

const lent = () => json({ accessToken: "ya29.lentToken", expireTime: new Date(Date.now() + 3_600_000).toISOString() });

const refused = (status: number, code: string, message: string): Answer => ({
  kind: "json",
  status,
  body: { error: { code: status, status: code, message } },
});

/** The claims of a token that a key signed. */
function claimsOf(authorization: string | undefined): unknown {
  const [, claims = ""] = (authorization ?? "").replace(/^Bearer /, "").split(".");
  return JSON.parse(Buffer.from(claims, "base64url").toString("utf8"));
}

test("a server whose certificate nobody vouches for is not given credentials", async () => {
  const stranger = await startSecretServer(selfSignedCertificate("localhost"));
  stranger.set(name, secret);
  const error = await errorOf(sourceOf(stranger, { keyFile: accountKeyFile(reader) }).read(name));
  expect(error).toMatchObject({ sqlState: "08006", message: "could not reach Secret Manager" });
  expect(stranger.reads).toEqual([]);
});

test("a key file's service account reads over TLS, by a token that its key signs", async () => {
  const server = await startSecure();
  expect(await sourceOf(server, { keyFile: accountKeyFile(reader) }).read(name)).toBe(secret);
  expect(server.reads).toEqual([name]);
  expect(claimsOf(server.authorizations[0])).toMatchObject({
    iss: reader,
    scope: "https://www.googleapis.com/auth/cloud-platform",
  });
});

test("application default credentials read over TLS", async () => {
  process.env["GOOGLE_APPLICATION_CREDENTIALS"] = accountKeyFile(reader);
  const server = await startSecure();
  expect(await sourceOf(server, {}).read(name)).toBe(secret);
  expect(claimsOf(server.authorizations[0])).toMatchObject({ iss: reader });
});

test("credentials that are the service account's are used as they are", async () => {
  const tokens = await startTokens(lent);
  const server = await startSecure();
  const options = { serviceAccount: reader, credentialsEndpoint: tokens.url };
  expect(await sourceOf(server, { ...options, keyFile: accountKeyFile(reader) }).read(name)).toBe(secret);
  expect(claimsOf(server.authorizations[0])).toMatchObject({ iss: reader });
  expect(tokens.requests).toEqual([]);
});

test("credentials of another identity are exchanged for the service account's", async () => {
  const tokens = await startTokens(lent);
  const server = await startSecure();
  const options = { serviceAccount: reader, credentialsEndpoint: tokens.url, keyFile: workloadFile(tokens) };
  expect(await sourceOf(server, options).read(name)).toBe(secret);
  expect(server.authorizations).toEqual(["Bearer ya29.lentToken"]);
  const lending = tokens.requests.find(({ path }) => path !== "/token");
  expect(lending).toMatchObject({
    method: "POST",
    path: `/v1/projects/-/serviceAccounts/${reader}:generateAccessToken`,
    headers: { authorization: "Bearer ya29.ofTheWorkload" },
  });
  expect(JSON.parse(lending?.body ?? "")).toMatchObject({ scope: ["https://www.googleapis.com/auth/cloud-platform"] });
});

test("default credentials of another identity are exchanged as a key file's are", async () => {
  const tokens = await startTokens(lent);
  process.env["GOOGLE_APPLICATION_CREDENTIALS"] = workloadFile(tokens);
  // Else Google is asked which project it is.
  process.env["GOOGLE_CLOUD_PROJECT"] = "shop";
  const server = await startSecure();
  expect(await sourceOf(server, { serviceAccount: other, credentialsEndpoint: tokens.url }).read(name)).toBe(secret);
  expect(server.authorizations).toEqual(["Bearer ya29.lentToken"]);
});

test("an exchange that is refused names the role, the account or the API, and no token", async () => {
  const denied = "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).";
  const disabled = "IAM Service Account Credentials API has not been used in project 77 before or it is disabled.";
  for (const [answer, expected] of [
    [
      refused(403, "PERMISSION_DENIED", denied),
      {
        sqlState: "42501",
        message: `no permission to act as service account ${reader}`,
        detail: `PERMISSION_DENIED: unable to impersonate: ${denied}`,
        hint: `Give the identity of the credentials the role roles/iam.serviceAccountTokenCreator on ${reader}.`,
      },
    ],
    [
      refused(403, "PERMISSION_DENIED", disabled),
      {
        sqlState: "42501",
        message: "the IAM Service Account Credentials API is not enabled in project 77",
        hint: "Enable it: gcloud services enable iamcredentials.googleapis.com --project 77",
      },
    ],
    [
      refused(404, "NOT_FOUND", "Not found; Gaia id not found for email"),
      { sqlState: "22023", message: `service account ${reader} does not exist` },
    ],
    [
      refused(401, "UNAUTHENTICATED", "Request had invalid authentication credentials."),
      { sqlState: "28000", hint: expect.stringContaining("GOOGLE_APPLICATION_CREDENTIALS") },
    ],
  ] as const) {
    const tokens = await startTokens(() => answer);
    const server = await startSecure();
    const options = { serviceAccount: reader, credentialsEndpoint: tokens.url, keyFile: workloadFile(tokens) };
    const error = await errorOf(sourceOf(server, options).read(name));
    expect(error).toMatchObject({ phase: "connect", ...expected });
    expect(`${error.message} ${error.detail} ${error.hint} ${error.stack} ${error.cause}`).not.toContain("ya29.");
    expect(server.reads).toEqual([]);
  }
});

test("a role that the service account lacks is asked for in its name", async () => {
  const server = await startSecure();
  server.set(name, { code: 7, details: "Permission 'secretmanager.versions.access' denied" });
  const options = { serviceAccount: reader, keyFile: accountKeyFile(reader) };
  expect((await errorOf(sourceOf(server, options).read(name))).hint).toBe(
    `Give ${reader} the role roles/secretmanager.secretAccessor on secret stripe-key.`,
  );
});

test("a server without TLS is asked without credentials, whatever account is named", async () => {
  const server = await startSecretServer();
  server.set(name, secret);
  const options = { insecure: true, serviceAccount: reader, keyFile: "/nowhere/key.json" };
  expect(await sourceOf(server, options).read(name)).toBe(secret);
  expect(server.authorizations).toEqual([""]);
});

test("credentials that are missing fail before anything is asked, with an account named too", async () => {
  const server = await startSecure();
  const options = { serviceAccount: reader, keyFile: "/nowhere/key.json" };
  expect(await errorOf(sourceOf(server, options).read(name))).toMatchObject({
    sqlState: "28000",
    message: "no credentials for Secret Manager",
  });
});
