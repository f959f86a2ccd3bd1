import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { GrpcClient, grpc } from "google-gax";
import { afterEach } from "vitest";
import type { SelfSigned } from "./self-signed-certificate.js";

/** What a secret's version answers: its value, a refusal with gRPC's status code, or nothing ever. */
export type SecretAnswer = string | { readonly code: number; readonly details: string } | "silence";

/** A gRPC server on loopback that speaks Secret Manager's own protocol. */
export interface SecretServer {
  /** "127.0.0.1:8085"; with TLS "localhost:8085". */
  readonly endpoint: string;
  /** The names that were asked for, in order. */
  readonly reads: readonly string[];
  /** The authorization that came with each of them. */
  readonly authorizations: readonly string[];
  /** What a version answers from now on; before, it does not exist. */
  set(name: string, answer: SecretAnswer): void;
  /** Resolves when as many reads have come. */
  received(count: number): Promise<void>;
  close(): void;
}

const open: SecretServer[] = [];

afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

/** Without TLS unless there is a certificate. Closed after the test. */
export async function startSecretServer(tls?: SelfSigned): Promise<SecretServer> {
  const answers = new Map<string, SecretAnswer>();
  const reads: string[] = [];
  const authorizations: string[] = [];
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  const server = new grpc.Server();
  server.addService(secretManagerService(), {
    AccessSecretVersion: ({ request, metadata }: AccessCall, answer: grpc.sendUnaryData<object>) => {
      reads.push(request.name);
      authorizations.push(metadata.get("authorization").join());
      give(request.name, answers.get(request.name), answer);
      for (const { count, resolve } of waiting) if (reads.length >= count) resolve();
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    const credentials = tls === undefined ? grpc.ServerCredentials.createInsecure() : secureCredentials(tls);
    server.bindAsync("127.0.0.1:0", credentials, (error, bound) => (error === null ? resolve(bound) : reject(error)));
  });
  const started: SecretServer = {
    endpoint: `${tls === undefined ? "127.0.0.1" : "localhost"}:${port}`,
    reads,
    authorizations,
    set: (name, answer) => void answers.set(name, answer),
    received: (count) =>
      reads.length >= count ? Promise.resolve() : new Promise((resolve) => waiting.push({ count, resolve })),
    close: () => server.forceShutdown(),
  };
  open.push(started);
  return started;
}

interface AccessCall {
  readonly request: { readonly name: string };
  readonly metadata: grpc.Metadata;
}

function secureCredentials({ key, cert }: SelfSigned): grpc.ServerCredentials {
  return grpc.ServerCredentials.createSsl(null, [{ private_key: Buffer.from(key), cert_chain: Buffer.from(cert) }]);
}

function give(name: string, given: SecretAnswer | undefined, answer: grpc.sendUnaryData<object>): void {
  if (given === "silence") return;
  if (given === undefined) answer({ code: grpc.status.NOT_FOUND, details: `Secret Version [${name}] not found.` });
  else if (typeof given === "string") answer(null, { name, payload: { data: Buffer.from(given) } });
  else answer(given);
}

/** From the declarations that the client comes with. */
function secretManagerService(): grpc.ServiceDefinition {
  const main = createRequire(import.meta.url).resolve("@google-cloud/secret-manager");
  const protos = join(dirname(main), "../protos");
  let node: unknown = new GrpcClient().loadProto(protos, "google/cloud/secretmanager/v1/service.proto");
  for (const name of ["google", "cloud", "secretmanager", "v1", "SecretManagerService"]) {
    node = (node as Readonly<Record<string, unknown>>)[name];
  }
  return (node as grpc.ServiceClientConstructor).service;
}
