import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import { splitScript } from "../../syntax/read-tokens.js";
import type { ScriptPart } from "../../syntax/script-part.js";
import type { EngineName } from "./engine-setting.js";
import { engineSetting } from "./engine-setting.js";
import { sessionError } from "./session-error.js";
import type { SessionStatement } from "./session-statement.js";

export interface ScriptStatement {
  readonly statement: SessionStatement;
  /** True where the text holds others. */
  readonly isOneOfSeveral: boolean;
}

export interface ScriptReading {
  /** The statements of a text, read by the engine that the session has. */
  readonly parse: (text: string) => Promise<readonly SessionStatement[]>;
  readonly engine: () => EngineName;
}

/** A text whose statements change the engine is read anew behind each: so often at most. */
const mostChanges = 20;

/**
 * The statements of a text, one by one as they are to be run. What stands behind one that changes the session's engine is
 * read in the dialect of that; all else is read at once, so that a mistake anywhere in it keeps all of it from running.
 */
export async function* readScript(sql: string, { parse, engine }: ScriptReading): AsyncGenerator<ScriptStatement> {
  let start = 0;
  for (let changes = 0; changes <= mostChanges; changes += 1) {
    const read = engine();
    // Blanks stand for what has run, so that places in the text are what they were.
    const text = " ".repeat(start) + sql.slice(start);
    const { statements, isCut } = await parseUpToEngine(text, parse);
    if (statements.length === 0) return;
    const isOneOfSeveral = statements.length > 1 || isCut || start > 0;
    for (const statement of statements) {
      yield { statement, isOneOfSeveral };
      start = statement.offset + statement.text.length;
      if (engine() !== read) break;
    }
    if (!/[^\s;]/.test(sql.slice(start))) return;
  }
  throw sessionError("the text changes its engine too often", SqlState.programLimitExceeded, { position: start });
}

interface ReadText {
  readonly statements: readonly SessionStatement[];
  /** True where others stand behind them. */
  readonly isCut: boolean;
}

/**
 * A text that cannot be read may be one in two dialects: then what stands up to the first statement that names the engine
 * is read alone.
 */
async function parseUpToEngine(text: string, parse: ScriptReading["parse"]): Promise<ReadText> {
  try {
    return { statements: await parse(text), isCut: false };
  } catch (error) {
    const end = error instanceof StripeSqlError && text.toLowerCase().includes(engineSetting) ? endOfSetting(text) : 0;
    if (end === 0) throw error;
    return { statements: await parse(text.slice(0, end)), isCut: true };
  }
}

/** Where the first SET or RESET of the engine ends, or 0 where nothing stands behind one. */
function endOfSetting(text: string): number {
  const parts = splitScript(text);
  const part = parts.slice(0, -1).find(setsEngine);
  return part === undefined ? 0 : part.start + part.text.length;
}

function setsEngine({ tokens: [first, ...others] }: ScriptPart): boolean {
  if (first === undefined || !/^(re)?set$/i.test(first.text)) return false;
  return others
    .map((token) => token.text)
    .join("")
    .toLowerCase()
    .includes(engineSetting);
}
