import { SqlState } from "../../error/sql-state.js";
import type { PostgresStatement } from "../../syntax/postgres/postgres-statement.js";
import { sharedStatement } from "../../syntax/postgres/shared-statement.js";
import type {
  DescribeContext,
  RunContext,
  SettingStatement,
  StatementBackend,
  StatementDescription,
  TransactionWrites,
} from "../session/session-backend.js";
import { sessionError } from "../session/session-error.js";
import type { Settings } from "../session/session-settings.js";
import type { StatementResult } from "../session/statement-result.js";
import { noRows } from "../session/statement-result.js";
import type { BackendParts } from "./backend-parts.js";
import { isConstant } from "./constant-results.js";
import { copiedQuery, sharedCopy } from "./copy-statement.js";
import { describeStatement } from "./describe-statement.js";
import { sharedExplain } from "./explain-statement.js";
import { requireNoConflict } from "./insert-conflicts.js";
import { keptWriteCall } from "./kept-write-call.js";
import { mentionsOf, stripeTable, stripeTables } from "./mentions-of.js";
import { procedureCall } from "./procedure-call.js";
import type { ReadSetting } from "./read-setting.js";
import { readSetting } from "./read-setting.js";
import { runConstant, runOnEngine } from "./run-on-engine.js";
import type { PlannedStatement } from "./run-on-stripe.js";
import { runPlanned, runProcedure } from "./run-on-stripe.js";
import { copyFromNotSupported, notSupported, requireNoSignal } from "./statement-refusals.js";
import { isStripeSetting, readStripeSetting } from "./stripe-settings.js";
import { requireNoRowLocks, requireSeenEffects } from "./unseen-effects.js";

type Of<Kind extends PostgresStatement["kind"]> = Extract<PostgresStatement, { kind: Kind }>;

/**
 * One client's statements over Stripe and the local PostgreSQL: what names tables of Stripe's goes by the planner, and
 * its text runs over the rows that were fetched; all else PostgreSQL answers alone.
 */
export class PostgresBackend implements StatementBackend<PostgresStatement> {
  readonly #parts: BackendParts;

  constructor(parts: BackendParts) {
    this.#parts = parts;
  }

  get readOnly(): boolean {
    return this.#parts.readOnly;
  }

  get writes(): TransactionWrites {
    return this.#parts.session.writes;
  }

  parse(sql: string, settings: Settings): Promise<readonly PostgresStatement[]> {
    return this.#parts.parsed.parse(sql, settings);
  }

  describe(statement: PostgresStatement, context: DescribeContext): Promise<StatementDescription> {
    return describeStatement(statement, context, this.#parts);
  }

  async run(statement: PostgresStatement, context: RunContext): Promise<StatementResult> {
    const mentions = mentionsOf(statement);
    if (mentions !== undefined) requireSeenEffects(mentions);
    switch (statement.kind) {
      case "query":
        return this.#runQuery(statement, context);
      case "insert":
      case "update":
      case "delete":
        requireNoSignal(statement);
        this.#requireNoConflict(statement);
        return runPlanned(statement, sharedStatement(statement), { context, parts: this.#parts });
      case "show":
        return runOnEngine(statement, { context, parts: this.#parts });
      case "explain":
        return this.#explain(statement, context);
      case "copy-to":
        return this.#copy(statement, context);
      case "notification":
        throw notifyNotSupported();
      case "maintenance":
        context.notice({ message: `${statement.action} has nothing to do: rows are Stripe's`, severity: "NOTICE" });
        return noRows(statement.action.toUpperCase());
      case "refused":
        throw statement.error;
      case "call":
        return this.#call(statement, context);
      case "copy-from":
        throw copyFromNotSupported(statement);
      case "lock":
      case "other":
        throw notSupported(statement);
      case "transaction":
      case "set":
      case "reset":
      case "discard":
      case "declare":
      case "fetch":
      case "close":
      case "prepare":
      case "execute":
      case "deallocate":
        throw new RangeError(`"${statement.kind}" is the session's own`);
    }
  }

  async readSetting(statement: SettingStatement, settings: Settings, signal: AbortSignal): Promise<ReadSetting> {
    const { queries, clientOf, stripe } = this.#parts;
    const { name } = statement;
    if (name !== undefined && isStripeSetting(name)) {
      const values = statement.kind === "set" ? statement.values : undefined;
      return readStripeSetting(name, values?.join(", "), stripe);
    }
    return readSetting(statement, settings, (sql, parameters) => queries.rows(sql, clientOf(parameters), signal));
  }

  close(): Promise<void> {
    return this.#parts.session.end();
  }

  async #runQuery(statement: Of<"query">, context: RunContext): Promise<StatementResult> {
    const running = { context, parts: this.#parts };
    const call = procedureCall(statement, this.#parts.catalog) ?? keptWriteCall(statement, context);
    if (call !== undefined) return runProcedure(statement, call, running);
    if (this.#isPlanned(statement)) {
      if (statement.locks) requireNoRowLocks();
      return runPlanned(statement, sharedStatement(statement), running);
    }
    return isConstant(statement) ? runConstant(statement, running) : runOnEngine(statement, running);
  }

  async #call(statement: Of<"call">, context: RunContext): Promise<StatementResult> {
    const call = procedureCall(statement, this.#parts.catalog) ?? keptWriteCall(statement, context);
    if (call !== undefined) return runProcedure(statement, call, { context, parts: this.#parts });
    const name = [statement.schema, statement.procedure].filter((part) => part !== undefined).join(".");
    throw sessionError(`procedure ${name} does not exist`, SqlState.undefinedFunction, {
      hint: "\\df stripe.* lists them.",
      position: statement.position,
    });
  }

  async #explain(statement: Of<"explain">, context: RunContext): Promise<StatementResult> {
    const { statement: inner } = statement;
    const running = { context, parts: this.#parts };
    if (!this.#isPlanned(inner)) return runOnEngine(statement, running);
    this.#requireNoConflict(inner);
    return runPlanned(statement, sharedExplain(statement, inner), running);
  }

  async #copy(statement: Of<"copy-to">, context: RunContext): Promise<StatementResult> {
    const query = await copiedQuery(statement, this.#parts.parsed, context.settings);
    const running = { context, parts: this.#parts };
    if (!this.#isPlanned(query)) return { ...(await runOnEngine(statement, running)), isCopy: true };
    return runPlanned(statement, sharedCopy(statement, query), running);
  }

  /** Whether a statement is Stripe's to answer, or to carry out. */
  #isPlanned(statement: PostgresStatement): statement is PlannedStatement {
    if (statement.kind === "insert" || statement.kind === "update" || statement.kind === "delete") return true;
    return statement.kind === "query" && stripeTables(this.#parts.catalog, statement).length > 0;
  }

  #requireNoConflict(statement: PlannedStatement): void {
    if (statement.kind === "insert") requireNoConflict(statement, stripeTable(this.#parts.catalog, statement.table));
  }
}

function notifyNotSupported() {
  return sessionError("NOTIFY is not supported", SqlState.featureNotSupported, {
    detail: "Sessions of the gateway do not hear each other.",
  });
}
