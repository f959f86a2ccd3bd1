import type Database from "better-sqlite3";
import type { ProcessIdentity } from "../process-identity.js";
import { isGone } from "../process-identity.js";
import type { KeptCall, KeptCallState, KeptWrite, PlannedCall, PlannedWrite, Settlement } from "./kept-write.js";

/** What one commit adds to a write: calls that may be sent from now on, and what became of others. */
export interface Advance {
  readonly sent: readonly number[];
  readonly settled: readonly Settlement[];
}

/** How somebody who wants to go on with a write finds it. */
export type Taking =
  | { readonly kind: "taken" }
  | { readonly kind: "forgotten" }
  /** Somebody is at it, or was. `beats` grows as long as its owner goes on. */
  | { readonly kind: "held"; readonly owner: ProcessIdentity; readonly beats: number };

/** Writes and their calls, durable: what a method has changed is on the disk when it returns. */
export class KeptWrites {
  readonly #database: Database.Database;
  readonly #now: () => number;

  /** @internal The types of the library that it takes are no business of whoever imports the package. */
  constructor(database: Database.Database, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  /** Keeps a write, and who is at it. The calls at the places given may be sent then. */
  begin(write: PlannedWrite, owner: ProcessIdentity, sent: readonly number[]): void {
    const now = this.#now();
    const first = new Set(sent);
    this.#change(() => {
      const { id, account, command, statement, facts } = write;
      this.#database
        .prepare("INSERT INTO write_1 VALUES (?, ?, ?, ?, ?, ?, NULL, ?, 0, ?)")
        .run(id, account, command, statement, facts, now, JSON.stringify(owner), now);
      const keep = this.#database.prepare(
        "INSERT INTO write_call_1 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, NULL, ?, NULL)",
      );
      for (const call of write.calls) keep.run(id, ...plannedValues(call), ...sentValues(first.has(call.place), now));
    });
  }

  /** False, and nothing is changed, where the write is not the owner's any more. */
  advance(id: string, owner: ProcessIdentity, { sent, settled }: Advance): boolean {
    const now = this.#now();
    return this.#change(() => {
      if (!this.#beat(id, owner, now)) return false;
      const settle = this.#database.prepare(
        `UPDATE write_call_1 SET state = ?, id = ?, request_id = coalesce(?, request_id), message = ?, settled_ms = ?,
           sent_ms = iif(? = 'planned', NULL, sent_ms) WHERE write_id = ? AND place = ?`,
      );
      for (const { place, state, id: objectId, requestId, message } of settled) {
        const settledMs = state === "planned" ? null : now;
        settle.run(state, objectId ?? null, requestId ?? null, message ?? null, settledMs, state, id, place);
      }
      // Last: a call that turned out not to have been carried out may be sent anew.
      const send = this.#database.prepare(
        "UPDATE write_call_1 SET state = 'sent', sent_ms = coalesce(sent_ms, ?) WHERE write_id = ? AND place = ?",
      );
      for (const place of sent) send.run(now, id, place);
      return true;
    });
  }

  /** The owner is through with it, whatever is left. */
  release(id: string, owner: ProcessIdentity): void {
    this.#database
      .prepare("UPDATE write_1 SET owner = NULL, ended_ms = ? WHERE id = ? AND owner = ?")
      .run(this.#now(), id, JSON.stringify(owner));
  }

  /**
   * Makes a write the owner's where nobody is at it, or whoever was has ended. `silent`: the beats of a holder that was
   * waited for long enough: it is taken for gone where there were none since.
   */
  take(id: string, owner: ProcessIdentity, silent?: number): Taking {
    return this.#change((): Taking => {
      const row = this.#database
        .prepare<unknown[], { owner: string | null; beats: number }>("SELECT owner, beats FROM write_1 WHERE id = ?")
        .get(id);
      if (row === undefined) return { kind: "forgotten" };
      if (row.owner !== null && row.beats !== silent) {
        const holder = ownerOf(row.owner);
        if (!isGone(holder)) return { kind: "held", owner: holder, beats: row.beats };
      }
      this.#database
        .prepare("UPDATE write_1 SET owner = ?, beats = beats + 1, beat_ms = ?, ended_ms = NULL WHERE id = ?")
        .run(JSON.stringify(owner), this.#now(), id);
      return { kind: "taken" };
    });
  }

  /** Those of an account, the last begun first. */
  writes(account: string): readonly KeptWrite[] {
    return this.#select("account = ?", account);
  }

  /** Undefined where there is none of the account's. */
  find(account: string, id: string): KeptWrite | undefined {
    return this.#select("account = ? AND id = ?", account, id)[0];
  }

  /** Whether it is there, whosever it is. */
  has(id: string): boolean {
    return this.#select("id = ?", id).length > 0;
  }

  calls(id: string): readonly KeptCall[] {
    return this.#database
      .prepare<unknown[], CallRow>("SELECT * FROM write_call_1 WHERE write_id = ? ORDER BY place")
      .all(id)
      .map(keptCall);
  }

  forget(id: string): void {
    this.#change(() => {
      this.#database.prepare("DELETE FROM write_call_1 WHERE write_id = ?").run(id);
      this.#database.prepare("DELETE FROM write_1 WHERE id = ?").run(id);
    });
  }

  close(): void {
    this.#database.close();
  }

  #beat(id: string, owner: ProcessIdentity, now: number): boolean {
    const { changes } = this.#database
      .prepare("UPDATE write_1 SET beats = beats + 1, beat_ms = ? WHERE id = ? AND owner = ?")
      .run(now, id, JSON.stringify(owner));
    return changes === 1;
  }

  #select(condition: string, ...values: readonly string[]): readonly KeptWrite[] {
    const writes = this.#database
      .prepare<unknown[], WriteRow>(`SELECT * FROM write_1 WHERE ${condition} ORDER BY begun_ms DESC, id DESC`)
      .all(...values);
    const count = this.#database.prepare<unknown[], { state: KeptCallState; calls: number }>(
      "SELECT state, count(*) AS calls FROM write_call_1 WHERE write_id = ? GROUP BY state",
    );
    return writes.map((row) => keptWrite(row, count.all(row.id)));
  }

  /** Two processes that want to write are told before either has read what the other is about to change. */
  #change<T>(work: () => T): T {
    return this.#database.transaction(work).immediate();
  }
}

function plannedValues(call: PlannedCall): readonly (string | number | null)[] {
  const { place, method, path, endpointPath, apiBase, accountId, objectId, parameters, isWhole, idempotencyKey } = call;
  const address = [method, path, endpointPath ?? null, apiBase ?? null, accountId ?? null, objectId ?? null];
  return [place, ...address, parameters, isWhole ? 1 : 0, idempotencyKey ?? null];
}

const sentValues = (isSent: boolean, now: number) => (isSent ? ["sent", now] : ["planned", null]);

/** Of a text that `begin` or `take` wrote. */
function ownerOf(text: string): ProcessIdentity {
  return JSON.parse(text) as ProcessIdentity;
}

interface WriteRow {
  readonly id: string;
  readonly account: string;
  readonly command: string;
  readonly statement: string;
  readonly facts: string;
  readonly begun_ms: number;
  readonly ended_ms: number | null;
  readonly owner: string | null;
  readonly beat_ms: number;
}

const noCalls = { planned: 0, sent: 0, "in doubt": 0, written: 0, failed: 0, "no match": 0 };

function keptWrite(
  row: WriteRow,
  counts: readonly { readonly state: KeptCallState; readonly calls: number }[],
): KeptWrite {
  const { id, account, command, statement, facts, begun_ms: begunMs, beat_ms: beatMs } = row;
  return {
    ...{ id, account, command, statement, facts, begunMs, beatMs },
    endedMs: row.ended_ms ?? undefined,
    owner: row.owner === null ? undefined : ownerOf(row.owner),
    counts: { ...noCalls, ...Object.fromEntries(counts.map(({ state, calls }) => [state, calls])) },
  };
}

interface CallRow {
  readonly place: number;
  readonly method: string;
  readonly path: string;
  readonly endpoint_path: string | null;
  readonly api_base: string | null;
  readonly account_id: string | null;
  readonly object_id: string | null;
  readonly parameters: string;
  readonly is_whole: number;
  readonly idempotency_key: string | null;
  readonly state: KeptCallState;
  readonly id: string | null;
  readonly request_id: string | null;
  readonly message: string | null;
  readonly sent_ms: number | null;
  readonly settled_ms: number | null;
}

function keptCall(row: CallRow): KeptCall {
  const { place, method, path, parameters, state } = row;
  return {
    ...{ place, method, path, parameters, state },
    endpointPath: row.endpoint_path ?? undefined,
    apiBase: row.api_base ?? undefined,
    accountId: row.account_id ?? undefined,
    objectId: row.object_id ?? undefined,
    isWhole: row.is_whole === 1,
    idempotencyKey: row.idempotency_key ?? undefined,
    id: row.id ?? undefined,
    requestId: row.request_id ?? undefined,
    message: row.message ?? undefined,
    sentMs: row.sent_ms ?? undefined,
    settledMs: row.settled_ms ?? undefined,
  };
}
