const secondsOf: Readonly<Record<string, number>> = {
  microsecond: 1e-6,
  millisecond: 1e-3,
  second: 1,
  minute: 60,
  hour: 3600,
};
const daysOf: Readonly<Record<string, number>> = { day: 1, week: 7 };

/**
 * The whole days, and the seconds beside them, of an interval such as "7 days" or "1 day 2 hours": a day is as long as
 * the zone's clocks make it. Months and years have no fixed length; for them, and for any other form, undefined.
 */
export function parseInterval(text: string): { readonly days: number; readonly seconds: number } | undefined {
  const parts = [...text.matchAll(/(-?\d+(?:\.\d+)?)\s*([a-z]+)/gi)];
  const rest = text.replace(/(-?\d+(?:\.\d+)?)\s*([a-z]+)/gi, "").trim();
  if (parts.length === 0 || rest !== "") return undefined;
  let days = 0;
  let seconds = 0;
  for (const [, amount = "", name = ""] of parts) {
    const unit = name.toLowerCase().replace(/s$/, "");
    const [unitSeconds, unitDays] = [secondsOf[unit], daysOf[unit]];
    if (unitSeconds === undefined && unitDays === undefined) return undefined;
    const inDays = Number(amount) * (unitDays ?? 0);
    days += Math.trunc(inDays);
    seconds += Number(amount) * (unitSeconds ?? 0) + (inDays - Math.trunc(inDays)) * 86_400;
  }
  return { days, seconds };
}
