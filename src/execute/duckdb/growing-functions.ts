/** Bytes of a text, or elements of a list, that one call may make: a chunk of 2,048 rows then holds 2 GB at most. */
const most = 1_000_000;

/** Of the error that `engineError` knows. */
export const tooLongValue = "stripe-sql: the value is too long to be made";

const within = (size: string, argument: string): string =>
  `CASE WHEN ${size} > ${most} THEN error('${tooLongValue}') ELSE ${argument} END`;

const listOf = (name: string): string =>
  [
    `(a) AS system.main.${name}(${within("a", "a")})`,
    `(a, b) AS system.main.${name}(a, ${within("b - a", "b")})`,
    // Of times a step is an interval, of which a list is as long as the guard allows.
    `(a, b, c) AS system.main.${name}(a, b, c)`,
  ].join(", ");

const resized = (name: string): string =>
  [
    `(l, n) AS system.main.${name}(l, ${within("n", "n")})`,
    `(l, n, v) AS system.main.${name}(l, ${within("n", "n")}, v)`,
  ].join(", ");

const padded = (name: string): string => `(s, n, p) AS system.main.${name}(s, ${within("n", "n")}, p)`;

/**
 * Functions that make much of a short call, with DuckDB's own beneath: `repeat('x', 1000000000)` takes a gigabyte a row,
 * outside of the engine's memory limit, and hears of no interrupt.
 */
const bounded: ReadonlyMap<string, string> = new Map([
  ["repeat", `(s, n) AS system.main.repeat(s, ${within("n::HUGEINT * strlen(s::VARCHAR)", "n")})`],
  ["lpad", padded("lpad")],
  ["rpad", padded("rpad")],
  ["range", listOf("range")],
  ["generate_series", listOf("generate_series")],
  ["list_resize", resized("list_resize")],
  ["array_resize", resized("array_resize")],
  ["bitstring", `(s, n) AS system.main.bitstring(s, ${within("n", "n")})`],
]);

/** The bounded functions that a text may call. */
export function namedBoundedFunctions(sql: string): readonly string[] {
  const named = sql.matchAll(/\b(repeat|lpad|rpad|range|generate_series|list_resize|array_resize|bitstring)"?\s*\(/gi);
  return [...new Set([...named].map(([, name = ""]) => name.toLowerCase()))];
}

/** What puts one in the place of DuckDB's for a session. */
export function boundFunction(name: string): string {
  return `CREATE TEMP MACRO "${name}"${bounded.get(name) ?? ""}`;
}
