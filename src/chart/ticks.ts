const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Steps between times, the finest first: so many milliseconds, or months. */
const timeSteps: readonly (readonly [unit: "ms" | "month", size: number])[] = [
  ...[1, 5, 15, 30].map((seconds) => ["ms", seconds * 1_000] as const),
  ...[1, 5, 15, 30].map((minutes) => ["ms", minutes * minute] as const),
  ...[1, 3, 6, 12].map((hours) => ["ms", hours * hour] as const),
  ...[1, 2, 7].map((days) => ["ms", days * day] as const),
  ...[1, 3, 6].map((months) => ["month", months] as const),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000].map((years) => ["month", years * 12] as const),
];

const monthLength = 30.44 * day;
/** 1970-01-05, a Monday: weeks begin with one. */
const firstMonday = 4 * day;

/** The least and the greatest of some numbers, of which there are too many for arguments. */
export function boundsOf(values: readonly number[]): readonly [least: number, most: number] {
  return values.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
}

/** The least of 1, 2, 2.5 and 5 by a power of ten that cuts a span into at most so many pieces. */
function niceStep(span: number, pieces: number): number {
  const rough = span / Math.max(1, pieces);
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 2.5, 5].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10);
}

/**
 * Round numbers from the last at or below `least` to the first at or above `most`, at most `pieces` + 2 of them.
 * `wholes` asks for none in between whole numbers.
 */
export function numberStops(
  [least, most]: readonly [number, number],
  pieces: number,
  { wholes = false }: { readonly wholes?: boolean } = {},
): readonly number[] {
  const magnitude = Math.max(Math.abs(least), Math.abs(most));
  // Numbers that are nearer to each other have no round ones in between.
  const span = most === least ? magnitude : Math.max(most - least, magnitude * 1e-9);
  const nice = niceStep(span < 1e-290 ? 1 : span, pieces);
  const step = wholes ? Math.max(1, nice === 2.5 ? 5 : nice) : nice;
  const first = Math.floor(least / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(most / step - 1e-9));
  // Through text, which drops what the multiplication leaves behind the last digit.
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(15)));
}

/** The same for times in milliseconds: begins of minutes, days, Mondays, months or years. */
export function timeStops([least, most]: readonly [number, number], pieces: number): readonly number[] {
  const fits = ([unit, size]: (typeof timeSteps)[number]) =>
    (most - least) / (unit === "ms" ? size : size * monthLength) <= pieces;
  const [unit, size] = timeSteps.find(fits) ?? ["month", 12_000];
  const next = unit === "ms" ? millisecondSteps(least, size) : monthSteps(least, size);
  const stops = [next(0)];
  while (stops.length < 2 || (stops.at(-1) ?? most) < most) stops.push(next(stops.length));
  return stops;
}

function millisecondSteps(least: number, size: number): (index: number) => number {
  const shift = size === 7 * day ? firstMonday : 0;
  const first = Math.floor((least - shift) / size) * size + shift;
  return (index) => first + index * size;
}

function monthSteps(least: number, size: number): (index: number) => number {
  const time = new Date(least);
  const months = time.getUTCFullYear() * 12 + time.getUTCMonth();
  const first = Math.floor(months / size) * size;
  return (index) => new Date(0).setUTCFullYear(Math.floor((first + index * size) / 12), (first + index * size) % 12, 1);
}
