import type { Registry } from "prom-client";
import { Counter, Gauge, Histogram } from "prom-client";
import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { FinishedTurn } from "../../execute/postgres/postgres-engine.js";
import type { Cancellation, GatewayLog } from "../server/gateway-log.js";
import { sessionStates } from "../session/session-activity.js";

/** What is asked for as the metrics are printed. */
export interface MeasuredGateway {
  /** `pg_stat_activity`'s states of the sessions that are open. */
  states(): readonly string[];
  /** Bytes of the local PostgreSQL, and of the second one where that is there. */
  memory(): { readonly main: number; readonly second: number };
}

export interface GatewayMetrics {
  readonly log: GatewayLog;
  turn(turn: FinishedTurn): void;
  /** To be told once the gateway is there. */
  measure(gateway: MeasuredGateway): void;
}

const prefix = "stripe_sql_gateway_";
const buckets = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];
const cancellations: readonly Cancellation[] = ["request", "pg_cancel_backend", "pg_terminate_backend"];

/** Counts by kinds and codes, never by users or texts. */
export function openGatewayMetrics(registry: Registry): GatewayMetrics {
  const registers = [registry];
  const counter = <Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Counter({ name: `${prefix}${name}`, help, labelNames, registers });
  const statements = counter("statements_total", "Statements that have ended.", ["kind", "sqlstate_class"]);
  const durations = new Histogram({
    name: `${prefix}statement_duration_seconds`,
    help: "Time from a statement's beginning to the end of its answer.",
    labelNames: ["kind"],
    buckets,
    registers,
  });
  const rows = counter("rows_total", "Rows sent to clients.");
  const requests = counter("stripe_requests_total", "Requests sent to Stripe, repeated attempts included.");
  const begun = counter("sessions_total", "Sessions begun.");
  const refused = counter("connections_refused_total", "Clients not let in, or told to go.", ["sqlstate"]);
  const failures = counter("authentication_failures_total", "Clients that could not prove who they are.");
  const canceled = counter("cancellations_total", "Sessions told to cancel or to end, by what.", ["by"]);
  for (const by of cancellations) canceled.inc({ by }, 0);
  const waits = new Histogram({
    name: `${prefix}engine_turn_wait_seconds`,
    help: "Time that a statement waited for its turn of the local PostgreSQL.",
    buckets,
    registers,
  });
  const turns = new Histogram({
    name: `${prefix}engine_turn_seconds`,
    help: "Time that a statement had the local PostgreSQL to itself.",
    buckets,
    registers,
  });
  return {
    log: {
      session: () => {
        begun.inc();
        return {
          begin: ({ kind }) => {
            const end = durations.startTimer({ kind });
            return (event) => {
              end();
              statements.inc({ kind, sqlstate_class: classOf(event.error) });
              rows.inc(event.rows);
              requests.inc(event.requests);
            };
          },
          end: () => undefined,
        };
      },
      refused: (error) => {
        const sqlstate = stateOf(error);
        refused.inc({ sqlstate });
        if (sqlstate.startsWith("28")) failures.inc();
      },
      canceled: (by) => canceled.inc({ by }),
    },
    turn: ({ waitedMs, heldMs }) => {
      waits.observe(waitedMs / 1000);
      turns.observe(heldMs / 1000);
    },
    measure: (gateway) => addGauges(gateway, registers),
  };
}

function addGauges(gateway: MeasuredGateway, registers: Registry[]): void {
  new Gauge({
    name: `${prefix}connections`,
    help: "Sessions that are open, by what pg_stat_activity calls their state.",
    labelNames: ["state"],
    registers,
    collect() {
      const states = gateway.states();
      for (const state of sessionStates) this.set({ state }, states.filter((one) => one === state).length);
    },
  });
  new Gauge({
    name: `${prefix}engine_memory_bytes`,
    help: "Memory of the local PostgreSQL, and of the second one that answers while a statement holds it.",
    labelNames: ["backend"],
    registers,
    collect() {
      const { main, second } = gateway.memory();
      this.set({ backend: "main" }, main);
      this.set({ backend: "second" }, second);
    },
  });
}

function classOf(error: unknown): string {
  return error === undefined ? "00" : stateOf(error).slice(0, 2);
}

function stateOf(error: unknown): string {
  return error instanceof StripeSqlError ? error.sqlState : SqlState.internalError;
}
