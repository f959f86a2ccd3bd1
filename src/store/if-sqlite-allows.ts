import Database from "better-sqlite3";

/** What the action gives, or undefined where SQLite refuses it: for what no statement may fail for. */
export function ifSqliteAllows<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof Database.SqliteError) return undefined;
    throw error;
  }
}
