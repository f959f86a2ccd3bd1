/** A row of a view: times as ISO 8601. */
export type Row = Readonly<Record<string, string | number | null>>;

/** "2026-10-01T00:00:00.000Z", of seconds. */
export function monthOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)).toISOString();
}

export function monthAfter(month: string): string {
  const date = new Date(month);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)).toISOString();
}

/** Each month from one on that has begun. */
export function monthsUpTo(first: string, nowMs: number): readonly string[] {
  const months = [];
  for (let month = first; Date.parse(month) <= nowMs; month = monthAfter(month)) months.push(month);
  return months;
}

/** Values by what a function says of them, in the order in which that is met. */
export function groups<Value>(
  values: readonly Value[],
  keyOf: (value: Value) => string,
): readonly (readonly Value[])[] {
  const byKey = new Map<string, Value[]>();
  for (const value of values) {
    const known = byKey.get(keyOf(value));
    if (known === undefined) byKey.set(keyOf(value), [value]);
    else known.push(value);
  }
  return [...byKey.values()];
}

/** Rows put together by the values of some of their fields, their other fields added up or counted. */
export function grouped<Value>(
  values: readonly Value[],
  keyOf: (value: Value) => Row,
  sumsOf: (own: readonly Value[]) => Row,
): readonly Row[] {
  return groups(values, (value) => JSON.stringify(keyOf(value))).map((own) => {
    const [first] = own;
    return { ...(first === undefined ? {} : keyOf(first)), ...sumsOf(own) };
  });
}

export function total<Value>(values: readonly Value[], amountOf: (value: Value) => number): number {
  return values.reduce((sum, value) => sum + amountOf(value), 0);
}

/** In an order that depends on the rows alone. */
export function sorted(rows: readonly Row[]): readonly Row[] {
  const textOf = (row: Row) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
  return rows.toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
}
