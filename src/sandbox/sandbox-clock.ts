/** The variable that starts every sandbox at one moment (ISO 8601), so that what it seeds is the same on every day. */
const startVariable = "STRIPE_SQL_SANDBOX_START";

/**
 * Seconds since 1970 as a sandbox counts them: this machine's, or, where the environment names a moment, those since
 * that moment, which was when this clock was made. Throws RangeError where the variable holds no moment.
 */
export function sandboxClock(): () => number {
  const start = process.env[startVariable];
  if (start === undefined || start === "") return () => Math.floor(Date.now() / 1000);
  const startMs = Date.parse(start);
  if (!Number.isFinite(startMs)) throw new RangeError(`${startVariable} must be a moment in ISO 8601`);
  const offsetMs = startMs - Date.now();
  return () => Math.floor((Date.now() + offsetMs) / 1000);
}
