import type { Cell } from "../../value/cell.js";
import { quoteName, quoteText } from "../../value/quote.js";
import type { SettingStatement } from "../session/session-backend.js";
import type { Settings } from "../session/session-settings.js";
import { requireAllowedSetting } from "./setting-rules.js";

/** A setting by its own name, with its value as SHOW tells it. */
export interface ReadSetting {
  readonly name: string;
  readonly value: string;
}

/** Asks the local PostgreSQL under settings; fails as it does where one of them is none. */
export type AskUnder = (sql: string, settings: Settings) => Promise<readonly (readonly Cell[])[]>;

/** What SET makes of a setting, or what RESET names. */
export async function readSetting(
  statement: SettingStatement,
  settings: Settings,
  ask: AskUnder,
): Promise<ReadSetting> {
  const name = statement.name ?? "";
  const values = statement.kind === "set" ? statement.values : undefined;
  if (statement.kind === "set") requireAllowedSetting(statement);
  // Of a list of several, each is quoted as a name.
  const listed =
    values !== undefined && values.length > 1 ? values.map(quoteName) : values?.map(zoneWithoutPosix(name));
  const changed = listed === undefined ? settings : new Map([...settings, [name, listed.join(", ")]]);
  const [known] = await readSettings([name], (sql) => ask(sql, changed));
  if (known !== undefined) return known;
  // Settings that PostgreSQL does not know are those with a dot in their names.
  if (values === undefined && name.includes(".")) return { name: name.toLowerCase(), value: "" };
  const [row] = await ask(`SELECT current_setting(${quoteText(name)})`, changed);
  return { name: name.toLowerCase(), value: String(row?.[0] ?? "") };
}

/** PostgreSQL's own files of zones are without leap seconds, and have no second set that says so of itself. */
const zoneWithoutPosix =
  (name: string) =>
  (value: string): string =>
    name.toLowerCase() === "timezone" ? value.replace(/^posix\//i, "") : value;

/** Those of the names that PostgreSQL lists. */
export async function readSettings(
  names: readonly string[],
  ask: (sql: string) => Promise<readonly (readonly Cell[])[]>,
): Promise<readonly ReadSetting[]> {
  const list = names.map((name) => quoteText(name.toLowerCase())).join(", ");
  const rows = await ask(
    `SELECT name, current_setting(name) FROM pg_catalog.pg_settings WHERE lower(name) IN (${list})`,
  );
  return rows.map(([name, value]) => ({ name: String(name), value: String(value) }));
}
