import { once } from "node:events";
import type { AddressInfo, Server, Socket } from "node:net";
import { createServer } from "node:net";
import { TLSSocket } from "node:tls";
import { certificateHash } from "../../src/gateway/authentication/certificate-hash.js";
import { ScramExchange } from "../../src/gateway/authentication/scram-exchange.js";
import { chosenMechanism, scramMechanisms } from "../../src/gateway/authentication/scram-mechanism.js";
import { deriveScramSecret, mockScramSecret } from "../../src/gateway/authentication/scram-secret.js";
import { BackendWriter } from "../../src/protocol/backend-writer.js";
import type { FrontendMessage } from "../../src/protocol/frontend-message.js";
import { FrontendReader } from "../../src/protocol/frontend-reader.js";
import { negotiateVersion } from "../../src/protocol/negotiate-version.js";
import type { SelfSigned } from "./self-signed-certificate.js";

export interface CodecServerOptions {
  /** By user. */
  readonly passwords: Readonly<Record<string, string>>;
  /** Offered to clients that ask for TLS; default none. */
  readonly certificate?: SelfSigned;
  /** Answers a query up to its ReadyForQuery. */
  readonly answer: (sql: string, writer: BackendWriter) => void;
}

export interface CodecServer {
  readonly port: number;
  /** Kinds of the messages that came, in order. */
  readonly received: readonly string[];
  close(): Promise<void>;
}

/** As little of a server as a client needs to log in by SCRAM and to ask: the codec's own, around it only sockets. */
export async function startCodecServer(options: CodecServerOptions): Promise<CodecServer> {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    new Session(socket, options, received).start();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  // A listening TCP server's address is never a pipe's name.
  const { port } = server.address() as AddressInfo;
  return {
    port,
    received,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

class Session {
  readonly #options: CodecServerOptions;
  readonly #received: string[];
  readonly #reader = new FrontendReader();
  readonly #writer = new BackendWriter();
  #socket: Socket;
  #user = "";
  #exchange: ScramExchange | undefined;

  constructor(socket: Socket, options: CodecServerOptions, received: string[]) {
    this.#socket = socket;
    this.#options = options;
    this.#received = received;
  }

  start(): void {
    this.#socket.on("error", () => this.#socket.destroy());
    this.#socket.on("data", (bytes) => {
      this.#reader.push(bytes);
      for (let read = this.#reader.next(); read !== undefined; read = this.#reader.next()) {
        this.#received.push(read.kind);
        if (read.kind === "invalid") throw read.error;
        this.#take(read);
      }
      if (this.#writer.length > 0) this.#socket.write(this.#writer.take());
    });
  }

  #take(message: FrontendMessage): void {
    switch (message.kind) {
      case "ssl-request":
        this.#answerTls();
        return;
      case "gss-encryption-request":
        this.#socket.write("N");
        return;
      case "startup": {
        this.#user = message.user;
        const { minorVersion, differs, unknownOptions } = negotiateVersion(message);
        if (differs) this.#writer.negotiateProtocolVersion(minorVersion, unknownOptions);
        this.#writer.authenticationSasl(scramMechanisms(this.#certificateHash()));
        this.#reader.phase = "sasl-initial";
        return;
      }
      case "sasl-initial-response":
        this.#exchange = this.#newExchange(message.mechanism);
        this.#reader.phase = "sasl-response";
        this.#authenticate(message.data);
        return;
      case "sasl-response":
        this.#authenticate(message.data);
        return;
      case "query":
        this.#options.answer(message.sql, this.#writer);
        this.#writer.readyForQuery("idle");
        return;
      case "terminate":
        this.#socket.end();
    }
  }

  #answerTls(): void {
    const { certificate } = this.#options;
    this.#socket.write(certificate === undefined ? "N" : "S");
    if (certificate === undefined) return;
    this.#socket.removeAllListeners("data");
    this.#socket = new TLSSocket(this.#socket, { isServer: true, ...certificate });
    this.start();
  }

  #certificateHash(): Uint8Array | undefined {
    const { certificate } = this.#options;
    return certificate !== undefined && this.#socket instanceof TLSSocket
      ? certificateHash(certificate.cert)
      : undefined;
  }

  #newExchange(name: string): ScramExchange {
    const password = this.#options.passwords[this.#user];
    const secret =
      password === undefined
        ? mockScramSecret({ user: this.#user, key: Buffer.from("steady") })
        : deriveScramSecret({ password, salt: Buffer.from("salted for tests") });
    const hash = this.#certificateHash();
    const mechanism = chosenMechanism(name, hash);
    return new ScramExchange({ mechanism, secret, isDoomed: password === undefined, certificateHash: hash });
  }

  #authenticate(data: Uint8Array | undefined): void {
    const step = this.#exchange?.next(data);
    if (step?.kind === "continue") this.#writer.authenticationSaslContinue(step.data);
    else if (step?.kind === "success") this.#welcome(step.data);
    else this.#refuse();
  }

  #refuse(): void {
    const message = `password authentication failed for user "${this.#user}"`;
    this.#writer.errorResponse({ severity: "FATAL", sqlState: "28P01", message });
  }

  #welcome(data: Uint8Array): void {
    this.#writer.authenticationSaslFinal(data);
    this.#writer.authenticationOk();
    this.#writer.parameterStatus("server_version", "18.0");
    this.#writer.parameterStatus("client_encoding", "UTF8");
    this.#writer.backendKeyData(4711, Uint8Array.of(1, 2, 3, 4));
    this.#writer.readyForQuery("idle");
    this.#reader.phase = "commands";
  }
}
