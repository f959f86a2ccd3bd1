const secondsOf: Readonly<Record<string, number>> = {
  microsecond: 1e-6,
  millisecond: 1e-3,
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 604_800,
};

/**
 * Length in seconds of an interval such as "7 days" or "1 day 2 hours". Months and years have no fixed
 * length; for them, and for any other form, the answer is undefined.
 */
export function parseIntervalSeconds(text: string): number | undefined {
  const parts = [...text.matchAll(/(-?\d+(?:\.\d+)?)\s*([a-z]+)/gi)];
  const rest = text.replace(/(-?\d+(?:\.\d+)?)\s*([a-z]+)/gi, "").trim();
  if (parts.length === 0 || rest !== "") return undefined;
  let seconds = 0;
  for (const [, amount = "", unit = ""] of parts) {
    const unitSeconds = secondsOf[unit.toLowerCase().replace(/s$/, "")];
    if (unitSeconds === undefined) return undefined;
    seconds += Number(amount) * unitSeconds;
  }
  return seconds;
}
