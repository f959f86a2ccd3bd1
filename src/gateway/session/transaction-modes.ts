import { SqlState } from "../../error/sql-state.js";
import type { TransactionModes as WrittenModes } from "../../syntax/postgres/postgres-statement.js";
import { sessionError } from "./session-error.js";
import type { Settings } from "./session-settings.js";
import { SessionState } from "./session-state.js";

/** How a transaction was begun, or set since. Stripe has none: they are kept so that who asks is told, and READ ONLY holds. */
export interface TransactionModes {
  readonly isolation: IsolationLevel;
  readonly readOnly: boolean;
  readonly deferrable: boolean;
}

export type IsolationLevel = (typeof isolationLevels)[number];

const isolationLevels = ["serializable", "repeatable read", "read committed", "read uncommitted"] as const;

/** Settings that are the modes of the transaction under way, by their names in lower case. */
const modeSettings: ReadonlyMap<string, keyof TransactionModes> = new Map([
  ["transaction_isolation", "isolation"],
  ["transaction_read_only", "readOnly"],
  ["transaction_deferrable", "deferrable"],
]);

/** The settings that transactions begin with. */
export const defaultSettings: Readonly<Record<keyof TransactionModes, string>> = {
  isolation: "default_transaction_isolation",
  readOnly: "default_transaction_read_only",
  deferrable: "default_transaction_deferrable",
};

/** As the settings have transactions begin; PostgreSQL's own defaults where nothing is set. */
export function defaultModes(settings: Settings): TransactionModes {
  const isolation = settings.get(defaultSettings.isolation) ?? "read committed";
  return {
    isolation: isolationLevels.find((level) => level === isolation) ?? "read committed",
    readOnly: settings.get(defaultSettings.readOnly) === "on",
    deferrable: settings.get(defaultSettings.deferrable) === "on",
  };
}

/** What a statement says of the modes; undefined for what it does not say. */
export type GivenModes = { readonly [Mode in keyof TransactionModes]?: TransactionModes[Mode] | undefined };

/**
 * `SET transaction_isolation = 'serializable'` and its like, which are another spelling of SET TRANSACTION; undefined for
 * settings that are no modes. 22023 for a value that is none, 55P02 where the default is asked for.
 */
export function modesOfSetting(name: string, values: readonly string[] | undefined): GivenModes | undefined {
  const mode = modeSettings.get(name.toLowerCase());
  if (mode === undefined) return undefined;
  const [value] = values ?? [];
  if (value === undefined)
    throw sessionError(`parameter "${name}" cannot be reset`, SessionState.cannotChangeRuntimeParameter);
  if (mode === "isolation") return { isolation: isolationOf(name, value) };
  return { [mode]: truthOf(name, value) };
}

/** Those that PostgreSQL's parser found. */
export function givenModes({ isolation, readOnly, deferrable }: WrittenModes): GivenModes {
  const level = isolation === undefined ? undefined : isolationOf("transaction_isolation", isolation);
  return { isolation: level, readOnly, deferrable };
}

function isolationOf(name: string, text: string): IsolationLevel {
  const level = isolationLevels.find((one) => one === text.toLowerCase());
  if (level !== undefined) return level;
  throw sessionError(`invalid value for parameter "${name}": "${text}"`, SqlState.invalidParameterValue, {
    hint: `Available values: ${isolationLevels.join(", ")}.`,
  });
}

/** A beginning of a word is enough, where it is of one alone. */
function truthOf(name: string, text: string): boolean {
  const word = text.toLowerCase();
  const begins = (words: readonly string[]) => word !== "" && words.some((one) => one.startsWith(word));
  if (word === "1" || word === "on" || begins(["true", "yes"])) return true;
  if (word === "0" || (word.length > 1 && "off".startsWith(word)) || begins(["false", "no"])) return false;
  throw sessionError(`parameter "${name}" requires a Boolean value`, SqlState.invalidParameterValue);
}
