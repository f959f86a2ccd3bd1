import { userInfo } from "node:os";
import { redact } from "../error/redact.js";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import type { WriteCall } from "../execute/write/write-call.js";
import type { CallOutcome, WriteJournal, WriteSubject } from "../execute/write/write-journal.js";
import { AppendedLines } from "../store/appended-lines.js";
import type { Json } from "../value/json.js";
import { isJsonObject } from "../value/json.js";
import { withoutValues } from "./hide-literals.js";

export interface AuditLogOptions {
  /** Path of the file; undefined where nothing is to be logged. */
  readonly file: string | undefined;
  /** Who asks; undefined for the system's user that the program runs as. */
  readonly caller: string | undefined;
  /** "https://api.stripe.com", and whether the key is a live one. */
  readonly server: () => { readonly apiBase: string; readonly mode: string };
  /** The statement's text. */
  readonly text: string;
  /** By which the journal knows the write; undefined where it does not. */
  readonly writeId: () => string | undefined;
  readonly notice: (text: string) => void;
}

/**
 * Appends to a file what a statement writes: a line before its first call, and one for each call as its outcome is known.
 * Names of parameters are told, never their values. Where the first line cannot be written, nothing is sent; where a later
 * one cannot, no further call is.
 */
export class AuditLog implements WriteJournal {
  readonly #options: AuditLogOptions;
  #lines: AppendedLines | undefined;
  #common: Readonly<Record<string, Json>> = {};
  #failure: unknown;

  constructor(options: AuditLogOptions) {
    this.#options = options;
  }

  async begin(calls: readonly WriteCall[], { kind, name }: WriteSubject): Promise<void> {
    const { file, caller, server, text } = this.#options;
    if (file === undefined) return;
    this.#common = { user: caller ?? systemUser(), pid: process.pid, ...server(), command: kind.toUpperCase(), name };
    try {
      this.#lines = await AppendedLines.open(file);
      await this.#append("statement", { statement: redact(withoutValues(text)), calls: calls.length });
    } catch (error) {
      await this.#close();
      throw this.#unwritable(error, "Nothing was sent to Stripe.");
    }
  }

  async sending({ method, path }: WriteCall): Promise<void> {
    if (this.#failure === undefined) return;
    throw this.#unwritable(this.#failure, `${method} ${redact(path)} was not sent, and nothing after it.`);
  }

  async settled(call: WriteCall, outcome: CallOutcome, requestId: string | undefined): Promise<void> {
    if (this.#lines === undefined) return;
    const { method, path, accountId, idempotencyKey, parameters } = call;
    const error = outcome.state === "failed" ? outcome.error : undefined;
    const known = {
      id: outcome.id ?? call.id,
      account: accountId,
      idempotencyKey,
      requestId: error?.stripe.requestId ?? requestId,
      sqlState: error?.sqlState,
      code: error?.stripe.code,
    };
    const state = error?.stripe.inDoubt === true ? "in doubt" : outcome.state;
    const address = { number: call.index + 1, method, path: redact(path), parameters: namesOf(parameters) };
    try {
      await this.#append("call", { ...address, state, ...given(known) });
      this.#failure = undefined;
    } catch (failure) {
      this.#failure = failure;
    }
  }

  async ended(): Promise<void> {
    const missing = this.#lines?.missing ?? 0;
    await this.#close();
    if (missing === 0) return;
    const { file, notice } = this.#options;
    const calls = `${missing} call${missing === 1 ? "" : "s"}`;
    notice(`the audit log ${file} lacks ${calls}, of which the result tells: ${messageOf(this.#failure)}`);
  }

  #append(event: string, fields: Readonly<Record<string, Json>>): Promise<void> {
    const writeId = this.#options.writeId();
    const line = { time: new Date().toISOString(), event, ...this.#common, ...given({ write: writeId }), ...fields };
    return this.#lines?.append(JSON.stringify(line)) ?? Promise.resolve();
  }

  async #close(): Promise<void> {
    const lines = this.#lines;
    this.#lines = undefined;
    try {
      await lines?.close();
    } catch (error) {
      this.#options.notice(`the audit log ${this.#options.file} could not be closed: ${messageOf(error)}`);
    }
  }

  #unwritable(cause: unknown, consequence: string): StripeSqlError {
    return new StripeSqlError("the audit log could not be written", {
      sqlState: SqlState.upstreamError,
      phase: "execute",
      detail: `${consequence} ${messageOf(cause)}`,
      hint: "Make room for it, or give AuditLog the path of a file that can be written.",
      cause,
    });
  }
}

/** Containers may run as a user without a name. */
function systemUser(): string {
  try {
    return userInfo().username;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
}

/** `metadata[plan]`: as Stripe's documentation writes parameters. */
function namesOf(parameters: Readonly<Record<string, Json>>, within?: string): readonly string[] {
  return Object.entries(parameters).flatMap(([key, value]) => {
    const name = redact(within === undefined ? key : `${within}[${key}]`);
    return isJsonObject(value) && Object.keys(value).length > 0 ? namesOf(value, name) : [name];
  });
}

function given(fields: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const entries = Object.entries(fields).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return Object.fromEntries(entries);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
