/** The seeded business's two years: midnight UTC of two years ago up to that of today. */
export interface BusinessYears {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

const day = 86_400;

/** The two years that end on the day of a moment: the business is the same for all of that day. */
export function businessYears(nowSeconds: number): BusinessYears {
  const endSeconds = Math.floor(nowSeconds / day) * day;
  const end = new Date(endSeconds * 1000);
  const startMs = Date.UTC(end.getUTCFullYear() - 2, end.getUTCMonth(), end.getUTCDate());
  return { startSeconds: startMs / 1000, endSeconds };
}
