/** A zone's name as the local engine takes it, or why a text is none. */
export type ZoneName =
  | { readonly kind: "zone"; readonly name: string }
  | { readonly kind: "unknown" }
  | { readonly kind: "refused"; readonly detail: string; readonly hint: string };

/**
 * Reads what PostgreSQL takes for TimeZone: a name of IANA's in any case, or hours east of Greenwich ('-8', 5.5), which
 * SHOW then prints as `<-08>+08`. POSIX writes hours west behind a name or a colon, which is read wrongly as often as
 * rightly, so it is refused.
 * Source: https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-TIMEZONES
 */
export function readZoneName(text: string): ZoneName {
  const name = text.trim();
  const hours = hoursEast(name);
  if (hours !== undefined) return zoneOfHours(hours);
  if (/^[A-Za-z]{3,5}[+-]\d/.test(name) || /^[+-]?\d/.test(name)) return posixZone;
  return isKnown(name) ? { kind: "zone", name } : { kind: "unknown" };
}

/** `-8`, `+5.5`, and `<-08>+08` as SHOW prints it. */
function hoursEast(text: string): number | undefined {
  if (/^[+-]?\d{1,2}(\.\d+)?$/.test(text)) return Number(text);
  const [, east, west] = /^<([+-]\d{2})>([+-]\d{2})$/.exec(text) ?? [];
  return east !== undefined && Number(east) === -Number(west) ? Number(east) : undefined;
}

/** The names of whole hours have their signs the other way round. */
function zoneOfHours(hours: number): ZoneName {
  if (!Number.isInteger(hours)) return fractionalZone;
  if (hours < -12 || hours > 14) return { kind: "unknown" };
  return { kind: "zone", name: hours === 0 ? "UTC" : `Etc/GMT${hours > 0 ? "-" : "+"}${Math.abs(hours)}` };
}

const posixZone: ZoneName = {
  kind: "refused",
  detail: "POSIX counts hours west of Greenwich here, other programs east.",
  hint: "Name a zone such as 'America/Los_Angeles', or write whole hours east of Greenwich: '-8'.",
};

const fractionalZone: ZoneName = {
  kind: "refused",
  detail: "A fixed offset is one of whole hours.",
  hint: "Name a zone that has it, such as 'Asia/Kolkata' for five and a half hours.",
};

function isKnown(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** As PostgreSQL shows it: a fixed offset in POSIX's form, with the hours east of Greenwich as its name. */
export function shownZoneName(name: string): string {
  const [, sign, hours] = /^Etc\/GMT([+-])(\d{1,2})$/.exec(name) ?? [];
  if (sign === undefined || hours === undefined) return name;
  const digits = hours.padStart(2, "0");
  return `<${sign === "-" ? "+" : "-"}${digits}>${sign}${digits}`;
}

/** Names to suggest. */
export const knownZoneNames = (): readonly string[] => ["UTC", ...Intl.supportedValuesOf("timeZone")];
