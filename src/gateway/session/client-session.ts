import { SqlState } from "../../error/sql-state.js";
import type { StripeSqlError } from "../../error/stripe-sql-error.js";
import { formatAt } from "../../protocol/format-code.js";
import type { FrontendMessage } from "../../protocol/frontend-message.js";
import type { InvalidMessage } from "../../protocol/frontend-reader.js";
import { followAbort, untilAborted } from "../../stripe/linked-abort.js";
import type { ClientSocket } from "../server/client-socket.js";
import { errorResponse } from "./error-response.js";
import { noticedWaits } from "./noticed-waits.js";
import { Portal } from "./portal.js";
import type { SessionActivity } from "./session-activity.js";
import type { BoundParameters, Notice, RunContext } from "./session-backend.js";
import { noParameters } from "./session-backend.js";
import { sessionError } from "./session-error.js";
import type { SessionStatement } from "./session-statement.js";
import { loggedKind } from "./session-statement.js";
import type { SessionStatements } from "./session-statements.js";
import { columnsUnknown } from "./session-statements.js";
import type { SessionTimeouts } from "./session-timeouts.js";
import type { StatementEvent, StatementLog } from "./statement-log.js";
import type { StatementResult } from "./statement-result.js";

type Message<Kind extends FrontendMessage["kind"]> = Extract<FrontendMessage, { kind: Kind }>;

/** Messages of the extended query: after an error in one, the others are skipped until Sync. */
const extendedKinds: ReadonlySet<string> = new Set(["parse", "bind", "describe", "execute", "close", "flush"]);

type SentRows = Pick<StatementEvent, "rows">;

export interface ClientSessionParts {
  readonly socket: ClientSocket;
  readonly statements: SessionStatements;
  readonly timeouts: SessionTimeouts;
  readonly log: StatementLog;
  readonly activity: SessionActivity;
}

/**
 * One client's session, from ReadyForQuery on: its messages in, answers out, one after the other.
 * Source: https://www.postgresql.org/docs/current/protocol-flow.html
 */
export class ClientSession {
  readonly #socket: ClientSocket;
  readonly #statements: SessionStatements;
  readonly #timeouts: SessionTimeouts;
  readonly #log: StatementLog;
  readonly #activity: SessionActivity;
  #running: AbortController | undefined;
  #isSkipping = false;
  readonly #ending = new AbortController();

  constructor({ socket, statements, timeouts, log, activity }: ClientSessionParts) {
    this.#socket = socket;
    this.#statements = statements;
    this.#timeouts = timeouts;
    this.#log = log;
    this.#activity = activity;
  }

  /** Cancels the statement that runs, if one does. */
  cancel(reason: StripeSqlError): void {
    this.#running?.abort(reason);
  }

  /** Ends the session with an error, and what it runs. */
  terminate(reason: StripeSqlError): void {
    this.#ending.abort(reason);
    this.cancel(reason);
  }

  /** Ends the session with an error once no statement runs. */
  endWhenIdle(reason: StripeSqlError): void {
    this.#ending.abort(reason);
  }

  /** Answers until the client leaves. Throws what ends the session beyond repair. */
  async run(): Promise<void> {
    this.#socket.phase = "commands";
    this.#ready();
    await this.#socket.send();
    try {
      for (;;) {
        const message = await this.#timeouts.whileIdle(this.#statements, () =>
          untilAborted(this.#socket.next(), this.#ending.signal),
        );
        // What a client sent before it went away is for nobody.
        if (message === undefined || message.kind === "terminate" || this.#socket.gone.aborted) return;
        if (this.#isSkipping && message.kind !== "sync") continue;
        await this.#answer(message);
        await this.#socket.sendMuch();
      }
    } finally {
      await this.#statements.close();
    }
  }

  async #answer(message: FrontendMessage | InvalidMessage): Promise<void> {
    switch (message.kind) {
      case "query":
        await this.#query(message.sql);
        break;
      case "sync":
        this.#isSkipping = false;
        await this.#statements.endImplicitTransaction();
        this.#ready();
        await this.#socket.send();
        break;
      case "flush":
        await this.#socket.send();
        break;
      case "parse":
      case "bind":
      case "describe":
      case "execute":
      case "close":
        await this.#extended(message);
        break;
      case "invalid":
        await this.#refuse(message.error, extendedKinds.has(message.within));
        break;
      case "function-call":
        await this.#refuse(
          sessionError("calls of functions by their number are not supported", SqlState.featureNotSupported, {
            hint: "Call it in a SELECT.",
          }),
          false,
        );
        break;
      // Left over of a COPY that failed: ignored, as PostgreSQL does.
      case "copy-data":
      case "copy-done":
      case "copy-fail":
        break;
      case "ssl-request":
      case "gss-encryption-request":
      case "cancel-request":
      case "startup":
      case "password":
      case "sasl-initial-response":
      case "sasl-response":
      case "terminate":
        throw sessionError(`unexpected message "${message.kind}"`, SqlState.protocolViolation);
    }
  }

  /** What is wrong with a message that stands alone is followed by ReadyForQuery; in the extended query, Sync asks for that. */
  async #refuse(error: unknown, isExtended: boolean): Promise<void> {
    await this.#fail(error, undefined);
    if (isExtended) this.#isSkipping = true;
    else this.#ready();
    await this.#socket.send();
  }

  /** The simple query: all statements of a text, up to the first that fails. It takes the place of what has no name. */
  async #query(sql: string): Promise<void> {
    const { writer } = this.#socket;
    this.#activity.run(sql);
    try {
      const { portals, prepared } = this.#statements;
      await portals.close("");
      prepared.delete("");
      let isEmpty = true;
      for await (const { statement, isOneOfSeveral } of this.#statements.script(sql)) {
        isEmpty = false;
        await this.#track(statement, async (running) => {
          const result = await this.#statements.run(statement, {
            ...running,
            parameters: noParameters,
            resultFormats: [],
            simple: { isOneOfSeveral },
          });
          if (result.fields !== undefined && result.isCopy !== true) writer.rowDescription(result.fields);
          return this.#sendAll(result);
        });
      }
      if (isEmpty) writer.emptyQueryResponse();
      await this.#statements.endImplicitTransaction();
    } catch (error) {
      await this.#fail(error, sql);
    }
    this.#ready();
    await this.#socket.send();
  }

  async #extended(message: Message<"parse" | "bind" | "describe" | "execute" | "close">): Promise<void> {
    let sql: string | undefined;
    try {
      switch (message.kind) {
        case "parse":
          sql = message.sql;
          return await this.#parse(message);
        case "bind":
          return await this.#bind(message);
        case "describe":
          return await this.#describe(message);
        case "execute":
          return await this.#execute(message, (text) => {
            sql = text;
          });
        case "close":
          return await this.#close(message);
      }
    } catch (error) {
      await this.#fail(error, sql);
      this.#isSkipping = true;
      // Told at once: a Flush that follows is skipped, and its client would wait for good.
      await this.#socket.send();
    }
  }

  async #parse({ statement: name, sql, parameterTypes }: Message<"parse">): Promise<void> {
    const { prepared } = this.#statements;
    this.#activity.run(sql);
    prepared.requireFree(name);
    const statement = await this.#cancelable((signal) => this.#statements.prepare(sql, parameterTypes, signal));
    prepared.set(name, statement);
    this.#socket.writer.parseComplete();
  }

  async #bind(message: Message<"bind">): Promise<void> {
    const { prepared, portals } = this.#statements;
    const { statement, parameterTypes, fields, isKnownByRows, sql } = prepared.get(message.statement);
    if (statement !== undefined) this.#statements.requireRunnable(statement);
    portals.requireFree(message.portal);
    requireCount(message, parameterTypes.length);
    const { parameterFormats: formats, resultFormats, parameters: values } = message;
    if (resultFormats.length > 1 && resultFormats.length !== (fields?.length ?? 0) && !isKnownByRows) {
      throw sessionError(
        `bind message has ${resultFormats.length} result formats but query has ${fields?.length ?? 0} columns`,
        SqlState.protocolViolation,
      );
    }
    const parameters: BoundParameters = { types: parameterTypes, formats, values };
    await portals.set(
      new Portal({
        name: message.portal,
        sql,
        statement,
        fields: fields?.map((field, index) => ({ ...field, format: formatAt(resultFormats, index) })),
        isKnownByRows,
        run: ({ signal, wantedRows }) => {
          if (statement === undefined) throw new RangeError("an empty statement does not run");
          return this.#statements.run(statement, {
            parameters,
            resultFormats,
            described: fields,
            signal,
            // One whose rows tell its columns reads all of them before the first is given.
            wantedRows: isKnownByRows ? undefined : wantedRows,
            notice: this.#notice,
            relay: this.#relay,
          });
        },
      }),
    );
    this.#socket.writer.bindComplete();
  }

  async #describe({ target, name }: Message<"describe">): Promise<void> {
    const { writer } = this.#socket;
    if (target === "statement") {
      const { parameterTypes, fields, isKnownByRows } = this.#statements.prepared.get(name);
      if (isKnownByRows) throw columnsUnknown();
      writer.parameterDescription(parameterTypes);
      if (fields === undefined) writer.noData();
      else writer.rowDescription(fields);
      return;
    }
    const portal = this.#statements.portals.get(name, "portal");
    // What only its rows tell is found by running it, as Execute would.
    const { fields } = portal.isKnownByRows ? await this.#cancelable((signal) => portal.result(signal)) : portal;
    if (fields === undefined) writer.noData();
    else writer.rowDescription(fields);
  }

  async #execute({ portal: name, maxRows }: Message<"execute">, onText: (sql: string) => void): Promise<void> {
    const portal = this.#statements.portals.get(name, "portal");
    const { writer } = this.#socket;
    const { statement, sql, isOwnText } = portal;
    if (isOwnText) onText(sql);
    this.#activity.run(sql);
    if (statement === undefined) return writer.emptyQueryResponse();
    this.#statements.requireRunnable(statement);
    await this.#track(statement, async ({ signal }) => {
      const result = await portal.result(signal);
      const wanted = maxRows === 0 ? Number.POSITIVE_INFINITY : maxRows;
      return this.#sendAll({ ...result, rows: portal.take(wanted, signal) }, wanted);
    });
  }

  async #close({ target, name }: Message<"close">): Promise<void> {
    if (target === "statement") this.#statements.prepared.delete(name);
    else await this.#statements.portals.close(name);
    this.#socket.writer.closeComplete();
  }

  /** The rows as they come, and what ends them; how many they were. */
  async #sendAll(result: StatementResult, wanted = Number.POSITIVE_INFINITY): Promise<SentRows> {
    const { writer } = this.#socket;
    let count = 0;
    // Rows that are here already do not wait for those that Stripe is still asked for.
    const given = noticedWaits(result.rows, () => (count === 0 ? Promise.resolve() : this.#send("all")));
    for await (const rows of given) {
      writer.relay(rows.bytes);
      count += rows.count;
      this.#activity.gave(rows.count);
      await this.#send("much");
    }
    if (count === wanted) writer.portalSuspended();
    else writer.commandComplete(result.tag(count));
    return { rows: count };
  }

  async #send(what: "much" | "all"): Promise<void> {
    const waited = this.#activity.wait("ClientWrite");
    try {
      await (what === "all" ? this.#socket.send() : this.#socket.sendMuch());
    } finally {
      waited();
    }
  }

  /** A statement waits for its turn, as long as it may; the function is called once it does no more. */
  waitForTurn(): () => void {
    const ends = [this.#activity.wait("EngineTurn")];
    if (this.#running !== undefined)
      ends.push(this.#timeouts.limitWait(this.#statements.settings.values, this.#running));
    return () => {
      for (const end of ends) end();
    };
  }

  /** What runs of a client can be canceled, and takes no longer than the session's settings allow. */
  async #cancelable<Value>(run: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
    const cancellation = new AbortController();
    this.#running = cancellation;
    const { settings, transaction } = this.#statements;
    const ends = [
      followAbort(cancellation, this.#socket.gone),
      this.#timeouts.limitStatement(settings.values, cancellation),
      this.#timeouts.limitTransaction(settings.values, transaction, (reason) => this.terminate(reason)),
    ];
    try {
      return await run(cancellation.signal);
    } finally {
      for (const end of ends) end();
      this.#running = undefined;
    }
  }

  /** Runs a statement, which can be canceled meanwhile, and logs it. */
  async #track(
    statement: SessionStatement,
    run: (running: Pick<RunContext, "signal" | "notice" | "relay">) => Promise<SentRows>,
  ): Promise<void> {
    const ended = this.#log.begin({ kind: loggedKind(statement) });
    const { allRequests } = this.#activity;
    let end: Omit<StatementEvent, "requests"> = { rows: 0, error: undefined };
    try {
      const sent = await this.#cancelable((signal) => run({ signal, notice: this.#notice, relay: this.#relay }));
      end = { ...sent, error: undefined };
    } catch (error) {
      end = { rows: 0, error };
      throw error;
    } finally {
      ended({ ...end, requests: this.#activity.allRequests - allRequests });
    }
  }

  readonly #notice = ({ message, severity, sqlState }: Notice): void => {
    const byDefault = severity === "WARNING" ? "01000" : "00000";
    this.#socket.writer.noticeResponse({ severity, sqlState: sqlState ?? byDefault, message });
  };

  readonly #relay = (message: Uint8Array): void => this.#socket.writer.relay(message);

  /** What ends the session is told as that, and not as the error of a statement. */
  async #fail(error: unknown, sql: string | undefined): Promise<void> {
    if (this.#ending.signal.aborted && error === this.#ending.signal.reason) throw error;
    await this.#statements.fail();
    this.#socket.writer.errorResponse(errorResponse(error, sql));
  }

  #ready(): void {
    const { status } = this.#statements.transaction;
    this.#activity.rest(status);
    this.#socket.writer.readyForQuery(status);
  }
}

function requireCount({ statement, parameters, parameterFormats }: Message<"bind">, needed: number): void {
  if (parameterFormats.length > 1 && parameterFormats.length !== parameters.length) {
    throw sessionError(
      `bind message has ${parameterFormats.length} parameter formats but ${parameters.length} parameters`,
      SqlState.protocolViolation,
    );
  }
  if (parameters.length === needed) return;
  throw sessionError(
    `bind message supplies ${parameters.length} parameters, but prepared statement "${statement}" requires ${needed}`,
    SqlState.protocolViolation,
  );
}
