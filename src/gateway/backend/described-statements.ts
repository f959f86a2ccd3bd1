import type { Table } from "../../catalog/catalog.js";
import { refusalError } from "../../execute/postgres/backend-error.js";
import type { ClientSettings } from "../../execute/postgres/client-settings.js";
import type { FilledColumn } from "../../execute/postgres/fill/table-filling.js";
import type { TurnSource } from "../../execute/postgres/turn-source.js";
import { unlessCanceled } from "../../stripe/canceled-error.js";
import type { StatementDescription } from "../session/session-backend.js";

export interface DescribedText {
  readonly text: string;
  /** OIDs; 0, or none, where the type is to be inferred. */
  readonly parameterTypes: readonly number[];
  /** Columns that a table has for those alone who name them. */
  readonly named: ReadonlyMap<Table, readonly FilledColumn[]>;
}

/** Answers that are kept, and the longest text that one is kept for, in characters. */
const keptDescriptions = 1000;
const longestKept = 8000;

/** Asks the local PostgreSQL what statements take and give, and keeps its answers: tables do not change. */
export class DescribedStatements {
  readonly #engine: TurnSource;
  readonly #kept = new Map<string, Promise<StatementDescription>>();

  constructor(engine: TurnSource) {
    this.#engine = engine;
  }

  /** Fails as PostgreSQL does, with the place in the text. */
  async describe(
    described: DescribedText,
    client: ClientSettings,
    signal?: AbortSignal,
  ): Promise<StatementDescription> {
    if (described.text.length > longestKept) return this.#ask(described, client, signal);
    const key = JSON.stringify([
      described.text,
      described.parameterTypes,
      client.user,
      client.database,
      client.parameters.get("search_path") ?? null,
    ]);
    const known = this.#kept.get(key);
    if (known !== undefined) return unlessAborted(known, signal);
    // Others may wait for it too, whom it does not concern that this one gives up.
    const asking = this.#ask(described, client, undefined);
    this.#kept.set(key, asking);
    asking.catch(() => this.#kept.delete(key));
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > keptDescriptions && oldest !== undefined) this.#kept.delete(oldest);
    return unlessAborted(asking, signal);
  }

  async #ask(
    { text, parameterTypes, named }: DescribedText,
    client: ClientSettings,
    signal: AbortSignal | undefined,
  ): Promise<StatementDescription> {
    const turn = await this.#engine.turn(client, signal);
    try {
      for (const [table, columns] of named) turn.prepare(table, columns);
      const answer = await turn.describe({ text, parameterTypes });
      if (answer.kind === "refused") throw refusalError(answer.refusal, text);
      return {
        parameterTypes: answer.parameterTypes,
        fields: answer.fields,
      };
    } finally {
      await turn.end();
    }
  }
}

function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  return signal === undefined ? promise : unlessCanceled(promise, signal);
}
