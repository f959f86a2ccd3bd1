import type { Catalog } from "../../../catalog/catalog.js";
import type { DescribeRead, Session } from "../../../driver/session.js";
import type { StatementWatch } from "../../../driver/statement-watch.js";
import type { UnrunStatement } from "../../../driver/unrun-statement.js";
import { SqlState } from "../../../error/sql-state.js";
import { StripeSqlError } from "../../../error/stripe-sql-error.js";
import type { TimeZone } from "../../../value/time-zone.js";
import type { DescribeContext, RunContext, StatementDescription } from "../../session/session-backend.js";
import type { Settings } from "../../session/session-settings.js";
import type { DuckdbStatement } from "../../session/session-statement.js";
import type { StatementResult } from "../../session/statement-result.js";
import type { StripeDefaults } from "../stripe-settings.js";
import { maxRequestsOf } from "../stripe-settings.js";
import { duckdbResult, movingErrors } from "./duckdb-result.js";
import { unusualSettings } from "./printed-settings.js";
import { resultField } from "./result-field.js";
import { boundValues, StatementParameters } from "./statement-parameters.js";

export interface DuckdbBackendParts {
  readonly catalog: Catalog;
  /** Opens a session of the driver's for the client. */
  readonly openSession: () => Session;
  /** Whose session it is, as the audit log names them. */
  readonly caller: string;
  /** What settings of ours are by default. */
  readonly stripe: StripeDefaults;
  readonly watch: StatementWatch;
}

/** One client's statements in the driver's dialect, each of which the driver plans and runs as any other of its own. */
export class DuckdbBackend {
  readonly #parts: DuckdbBackendParts;
  #session: Session;

  constructor(parts: DuckdbBackendParts) {
    this.#parts = parts;
    this.#session = parts.openSession();
  }

  /** Nothing is sent to Stripe. */
  async describe(
    statement: DuckdbStatement,
    { settings, parameterTypes: given, signal }: DescribeContext,
  ): Promise<StatementDescription> {
    const session = this.#session;
    const asked = new StatementParameters(statement.statement, given);
    const zone = await this.#zone(settings);
    const describe = (values?: DescribeRead["values"]) =>
      movingErrors(statement, () => session.describeRead(statement.statement, { values, signal, zone }));
    const { columns: byPlaces, parameters } = await describe(asked.arraySamples());
    const types = asked.types(parameters);
    const samples = byPlaces === undefined ? undefined : asked.samples(types);
    const columns =
      samples === undefined ? byPlaces : ((await describe(samples).catch(unlessUnfit))?.columns ?? byPlaces);
    return {
      parameterTypes: types,
      isKnownByRows: columns === undefined && statement.copy === undefined,
      fields:
        columns === undefined || columns.length === 0 || statement.copy !== undefined
          ? undefined
          : columns.map((column) => resultField(column, "text")),
    };
  }

  async run(statement: DuckdbStatement, context: RunContext): Promise<StatementResult> {
    const { caller, stripe, watch } = this.#parts;
    await this.#requireWritable(statement, context);
    const { settings, signal, parameters, notice, wantedRows } = context;
    const values = boundValues(statement.statement.parameters, parameters);
    const zone = await this.#zone(settings);
    for (const message of unusualSettings(settings)) notice({ message, severity: "NOTICE" });
    const stream = this.#session.run(statement.statement, {
      ...{ values, caller, signal, zone, watch, wantedRows },
      maxRequests: maxRequestsOf(settings, stripe),
    });
    return duckdbResult({ statement, stream, zone, context });
  }

  /** The statements of a text; fails with 42601 where it holds none. */
  read(text: string): readonly UnrunStatement[] {
    return this.#session.read(text);
  }

  /** Its views and temp tables go with the driver's session, of which another takes the place. */
  async discardTemporary(): Promise<void> {
    await this.#session.close();
    this.#session = this.#parts.openSession();
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  /** Transactions that only read are the session's; the driver knows of the connection and the user. */
  async #requireWritable(statement: DuckdbStatement, { requireWritable }: RunContext): Promise<void> {
    const { kind, read } = statement.statement;
    if (readingKinds.has(kind)) return;
    if (kind !== "execute") return requireWritable(kind.toUpperCase());
    const call = await movingErrors(statement, read);
    if (call.kind === "execute" && this.#parts.catalog.findProcedure(call.procedure.name)?.writes === true)
      requireWritable("CALL");
  }

  #zone(settings: Settings): Promise<TimeZone> {
    return this.#session.zone(settings.get("TimeZone"));
  }
}

/** What changes nothing at Stripe, nor in the journal of writes. */
const readingKinds: ReadonlySet<string> = new Set([
  ...["select", "explain", "show", "describe", "show-write", "create-view", "drop-view", "forget-rows"],
  ...["create-table", "drop-table", "refresh"],
]);

/** A value that does not fit, as no text is a key of an account's, tells no more than its parameter's place did. */
function unlessUnfit(error: unknown): undefined {
  if (!(error instanceof StripeSqlError) || error.sqlState === SqlState.queryCanceled) throw error;
  return undefined;
}
