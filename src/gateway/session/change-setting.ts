import { SqlState } from "../../error/sql-state.js";
import type { ResetStatement, SetStatement } from "../../syntax/postgres/postgres-statement.js";
import type { RunContext } from "./session-backend.js";
import { sessionError } from "./session-error.js";
import type { SessionSettings } from "./session-settings.js";
import { SessionState } from "./session-state.js";
import type { TransactionBlock } from "./transaction-block.js";
import type { GivenModes } from "./transaction-modes.js";
import { defaultSettings, givenModes, modesOfSetting } from "./transaction-modes.js";

type Changing = SetStatement | ResetStatement;

export interface ChangedSession {
  readonly settings: SessionSettings;
  readonly transaction: TransactionBlock;
  /** The setting's own name, and the value that SHOW tells. Fails as PostgreSQL does. */
  readonly readSetting: (statement: Changing) => Promise<{ readonly name: string; readonly value: string }>;
  readonly notice: RunContext["notice"];
}

/** SET and RESET, in all of their spellings. */
export async function changeSetting(statement: Changing, session: ChangedSession): Promise<void> {
  const { settings, transaction } = session;
  const modes = modesOf(statement);
  warnOutsideBlock(statement, session);
  if (modes !== undefined) transaction.setModes(modes);
  else if (statement.name === undefined) settings.resetAll();
  else if (statement.kind === "set" && statement.name === "SESSION CHARACTERISTICS")
    setCharacteristics(statement, settings);
  else {
    const { name, value } = await session.readSetting(statement);
    if (statement.kind === "set" && statement.values !== undefined)
      settings.set(name, value, { isLocal: statement.isLocal });
    else settings.reset(name);
  }
}

/** Undefined for what sets nothing of the transaction under way. */
function modesOf(statement: Changing): GivenModes | undefined {
  if (statement.kind === "reset")
    return statement.name === undefined ? undefined : modesOfSetting(statement.name, undefined);
  if (isOfTransaction(statement)) return modesOfTransaction(statement);
  return modesOfSetting(statement.name, statement.values);
}

const isOfTransaction = ({ name }: SetStatement): boolean => name.startsWith("TRANSACTION");

/** No snapshot is exported here that a transaction could take. */
function modesOfTransaction({ name, values = [], modes }: SetStatement): GivenModes {
  if (name === "TRANSACTION") return givenModes(modes);
  throw sessionError(`invalid snapshot identifier: "${values.join()}"`, SqlState.invalidParameterValue);
}

/** What lasts as long as a transaction lasts no longer than this statement. */
function warnOutsideBlock(statement: Changing, { transaction, notice }: ChangedSession): void {
  if (statement.kind === "reset" || transaction.isBlock) return;
  const what = isOfTransaction(statement) ? "TRANSACTION" : statement.isLocal ? "LOCAL" : undefined;
  if (what === undefined) return;
  notice({
    message: `SET ${what} can only be used in transaction blocks`,
    severity: "WARNING",
    sqlState: SessionState.noActiveTransaction,
  });
}

/** What further transactions begin with. */
function setCharacteristics({ modes }: SetStatement, settings: SessionSettings): void {
  const { isolation, readOnly, deferrable } = givenModes(modes);
  const set = (name: string, value: string) => settings.set(name, value, { isLocal: false });
  if (isolation !== undefined) set(defaultSettings.isolation, isolation);
  if (readOnly !== undefined) set(defaultSettings.readOnly, readOnly ? "on" : "off");
  if (deferrable !== undefined) set(defaultSettings.deferrable, deferrable ? "on" : "off");
}
