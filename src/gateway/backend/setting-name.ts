/** Names of PostgreSQL's settings by their names in lower case. */
export type SettingNames = ReadonlyMap<string, string>;

export function settingNamesOf(names: Iterable<string>): SettingNames {
  return new Map([...names].map((name) => [name.toLowerCase(), name]));
}

/** The name that a setting is kept by, however it is spelt. One that a client has made up is kept in lower case. */
export function settingName(name: string, known: SettingNames): string {
  const lower = name.toLowerCase();
  return known.get(lower) ?? lower;
}
