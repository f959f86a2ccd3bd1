import type { Socket } from "node:net";
import { createServer } from "node:net";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { ClientMonitor } from "../../execute/postgres/client-monitor.js";
import type { StartupMessage } from "../../protocol/frontend-message.js";
import { ProtocolError } from "../../protocol/protocol-error.js";
import { isLoopbackHost } from "../../stripe/is-loopback.js";
import { ClientSession } from "../session/client-session.js";
import { errorResponse } from "../session/error-response.js";
import { ReportedSettings } from "../session/reported-settings.js";
import { SessionActivity } from "../session/session-activity.js";
import type { SessionBackend } from "../session/session-backend.js";
import { sessionError } from "../session/session-error.js";
import { SessionSettings } from "../session/session-settings.js";
import { SessionState } from "../session/session-state.js";
import { SessionStatements } from "../session/session-statements.js";
import { SessionTimeouts } from "../session/session-timeouts.js";
import { isReservedName } from "../users/is-reserved-name.js";
import { authenticateClient } from "./authenticate-client.js";
import { CancelKeys } from "./cancel-keys.js";
import { ClientSocket } from "./client-socket.js";
import type { GatewayLog } from "./gateway-log.js";
import type { Opening } from "./open-client.js";
import { openClient } from "./open-client.js";
import type { ServedDatabase } from "./served-database.js";
import type { ServedUser } from "./served-user.js";
import { startupSettings } from "./startup-settings.js";
import type { TlsCertificate } from "./tls-certificate.js";

export interface GatewayOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly users: readonly ServedUser[];
  /** By the connection's name. */
  readonly databases: ReadonlyMap<string, ServedDatabase>;
  /** Undefined: TLS is refused. */
  readonly certificate?: TlsCertificate | undefined;
  /** A user who connects from this machine under any name, without a password; undefined: nobody may. */
  readonly trusted?: Pick<ServedUser, "connection" | "readOnly"> | undefined;
  /** Default 100. */
  readonly maxConnections?: number | undefined;
  readonly log: GatewayLog;
}

/** So long a client may take to say who it is. */
const authenticationMs = 60_000;

/** So many may be about to say who they are; then the one who takes longest has to go. */
const mostStrangers = 100;

/** So long a client may take to take its last error. */
const takenWithinMs = 5000;

interface OpenSession {
  readonly session: ClientSession;
  readonly socket: ClientSocket;
  readonly activity: SessionActivity;
}

/** Takes clients of PostgreSQL's protocol, each of which has a session of its own. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #server = createServer({ allowHalfOpen: false }, (socket) => void this.#accept(socket));
  readonly #sessions = new CancelKeys<OpenSession>();
  readonly #clients = new Map<ClientSocket, Promise<void>>();
  /** Those of whom it is not known who they are, the oldest first. */
  readonly #strangers = new Set<ClientSocket>();
  #admitted = 0;
  #isClosing = false;
  #closed: Promise<void> | undefined;

  constructor(options: GatewayOptions) {
    this.#options = options;
  }

  /** The port that it listens on. */
  async listen(): Promise<number> {
    const { host, port } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", (error: NodeJS.ErrnoException) => reject(unableToListen(error, host, port)));
      this.#server.listen({ host, port }, resolve);
    });
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new RangeError("a server without a port");
    return address.port;
  }

  /** What the sessions that are open are about, in pg_stat_activity's words. */
  states(): readonly string[] {
    return this.#sessions.all().map(({ activity }) => activity.state);
  }

  /** Takes no further client, gives statements that run so long to end, and hangs up. A second call gives the same promise. */
  close(graceMs = 30_000): Promise<void> {
    this.#closed ??= this.#close(graceMs);
    return this.#closed;
  }

  async #close(graceMs: number): Promise<void> {
    this.#isClosing = true;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const reason = terminated();
    for (const { session } of this.#sessions.all()) session.endWhenIdle(reason);
    const timer = setTimeout(() => {
      for (const { session } of this.#sessions.all()) session.cancel(reason);
      for (const client of this.#clients.keys()) client.end();
    }, graceMs);
    await Promise.allSettled(this.#clients.values());
    clearTimeout(timer);
    await closed;
  }

  async #accept(connection: Socket): Promise<void> {
    const socket = new ClientSocket(connection);
    const served = this.#serve(socket);
    this.#clients.set(socket, served);
    this.#strangers.add(socket);
    const [oldest] = this.#strangers;
    if (this.#strangers.size > mostStrangers) oldest?.destroy();
    try {
      await served;
    } finally {
      this.#clients.delete(socket);
      this.#strangers.delete(socket);
    }
  }

  /** Whatever becomes of one client is told to it, and to the log, and to nobody else. */
  async #serve(socket: ClientSocket): Promise<void> {
    const late = setTimeout(() => socket.destroy(), authenticationMs);
    try {
      const opening = await openClient(socket, this.#options.certificate);
      if (opening.kind === "cancel-request") {
        const asked = this.#sessions.find(opening);
        if (asked !== undefined) {
          asked.session.cancel(canceled());
          this.#options.log.canceled("request");
        }
      }
      if (opening.kind === "session") {
        const user = await this.#identify(socket, opening.startup);
        clearTimeout(late);
        this.#strangers.delete(socket);
        await this.#admit(() => this.#runSession(socket, opening, user));
      }
    } catch (error) {
      if (!socket.gone.aborted) socket.writer.errorResponse({ ...errorResponse(error, undefined), severity: "FATAL" });
      this.#options.log.refused(error, socket.remoteAddress);
    } finally {
      clearTimeout(late);
      socket.end();
    }
  }

  async #runSession(
    socket: ClientSocket,
    { startup, minorVersion }: Extract<Opening, { kind: "session" }>,
    user: ServedUser,
  ): Promise<void> {
    const database = this.#options.databases.get(user.connection);
    if (database === undefined) throw new RangeError(`user "${user.name}" is of no connection that is served`);
    requireOwnDatabase(startup.database, user);
    const { writer } = socket;
    writer.authenticationOk();
    const settings = await database.settingsOf(startupSettings(startup.parameters), user);
    const reported = new ReportedSettings(database.defaults, (name, value) => writer.parameterStatus(name, value));
    reported.settle(settings);
    const log = this.#options.log.session({
      user: user.name,
      database: user.connection,
      address: socket.remoteAddress,
      settings,
    });
    const key = this.#sessions.take(minorVersion);
    const { processId, secretKey } = key;
    const sessionSettings = new SessionSettings(settings);
    const activity = new SessionActivity({
      ...{ processId, user: user.name, database: user.connection, tls: socket.tls },
      ...{ address: socket.remoteAddress, port: socket.remotePort },
      applicationName: () => sessionSettings.values.get("application_name") ?? "",
    });
    let backend: SessionBackend | undefined;
    try {
      backend = await database.backend(user, { monitor: this.#monitorOf(processId, activity), watch: activity });
      const statements = new SessionStatements(backend, sessionSettings, reported);
      const timeouts = new SessionTimeouts(database.defaults);
      const session = new ClientSession({ socket, statements, timeouts, log, activity });
      this.#sessions.set(key, { session, socket, activity });
      writer.backendKeyData(processId, secretKey);
      await session.run();
    } finally {
      this.#sessions.delete(key);
      log.end();
      await backend?.close();
    }
  }

  /** What a session sees of the others: who they are, and of its own user's also what they do. */
  #monitorOf(processId: number, own: SessionActivity): ClientMonitor {
    const isOwn = (other: SessionActivity) => other.user === own.user;
    return {
      processId,
      activity: () => JSON.stringify(this.#sessions.all().map(({ activity }) => activity.row(isOwn(activity)))),
      signal: (kind, target) => {
        const other = this.#sessions.ofProcess(target);
        if (other === undefined || !isOwn(other.activity)) return;
        this.#options.log.canceled(`pg_${kind}_backend`);
        if (kind === "cancel") other.session.cancel(canceled());
        else terminate(other);
      },
      waitForTurn: () => this.#sessions.ofProcess(processId)?.session.waitForTurn() ?? (() => undefined),
    };
  }

  /** Has a session run as one of so many; 53300 where there are as many already. Who is not known takes no place. */
  async #admit(run: () => Promise<void>): Promise<void> {
    if (this.#admitted >= (this.#options.maxConnections ?? 100)) {
      throw new ProtocolError("sorry, too many clients already", {
        severity: "FATAL",
        sqlState: SessionState.tooManyConnections,
      });
    }
    this.#admitted += 1;
    try {
      await run();
    } finally {
      this.#admitted -= 1;
    }
  }

  /** Who the client is; 28P01 where it cannot prove it. */
  async #identify(socket: ClientSocket, { user: name }: StartupMessage): Promise<ServedUser> {
    if (this.#isClosing) {
      throw new ProtocolError("the database system is shutting down", {
        severity: "FATAL",
        sqlState: SessionState.cannotConnectNow,
      });
    }
    if (isReservedName(name)) {
      throw new ProtocolError(`role "${name}" does not exist`, {
        severity: "FATAL",
        sqlState: SqlState.invalidAuthorization,
        detail: "PostgreSQL keeps this name for itself.",
      });
    }
    const { trusted, users, certificate } = this.#options;
    const user = users.find((known) => known.name === name);
    if (user === undefined && trusted !== undefined && isLoopbackHost(socket.remoteAddress ?? ""))
      return { ...trusted, name, secret: undefined };
    const certificateHash = socket.isEncrypted ? certificate?.hash : undefined;
    return authenticateClient(socket, { name, user, certificateHash });
  }
}

/** A client that does not take what it is told is cut off. */
function terminate({ session, socket }: OpenSession): void {
  session.terminate(terminated());
  const cut = setTimeout(() => socket.destroy(), takenWithinMs);
  socket.gone.addEventListener("abort", () => clearTimeout(cut), { once: true });
}

function canceled(): StripeSqlError {
  return sessionError("canceling statement due to user request", SqlState.queryCanceled);
}

function terminated(): StripeSqlError {
  return sessionError("terminating connection due to administrator command", SessionState.adminShutdown);
}

/** A user has one connection; clients that are not told of a database ask for one of the user's name. */
function requireOwnDatabase(name: string, user: ServedUser): void {
  if (name === user.connection || name === user.name) return;
  throw new ProtocolError(`database "${name}" does not exist`, {
    severity: "FATAL",
    sqlState: SessionState.invalidCatalogName,
    detail: `The connection of user "${user.name}" is "${user.connection}".`,
  });
}

function unableToListen(error: NodeJS.ErrnoException, host: string, port: number): StripeSqlError {
  return new StripeSqlError(`port ${port} of ${host} cannot be listened on`, {
    sqlState: SqlState.connectionFailure,
    phase: "connect",
    detail: error.message,
    cause: error,
  });
}
