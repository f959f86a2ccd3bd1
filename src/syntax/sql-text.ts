/** A part of a text for an engine that stands in the user's script too. */
export interface SqlPlace {
  /** Where the part starts in the engine's text. */
  readonly start: number;
  /** Its length there, in UTF-16 code units. */
  readonly length: number;
  /** Where it starts in the script. */
  readonly position: number;
}

/** A text for an engine, parameters as $1, $2, …, and which of its parts come from where in the script. */
export interface SqlText {
  readonly sql: string;
  /** In the text's order. What lies between them is no part of the script. */
  readonly places: readonly SqlPlace[];
}

/** Puts texts and words of our own together. */
export function composeSql(parts: readonly (string | SqlText)[]): SqlText {
  let sql = "";
  const places: SqlPlace[] = [];
  for (const part of parts) {
    if (typeof part === "string") sql += part;
    else {
      for (const place of part.places) places.push({ ...place, start: place.start + sql.length });
      sql += part.sql;
    }
  }
  return { sql, places };
}

/** The text with other words for the parts that start at some places of the script. */
export function replaceParts(text: SqlText, replacements: ReadonlyMap<number, string>): SqlText {
  if (replacements.size === 0) return text;
  const places: SqlPlace[] = [];
  let sql = "";
  let read = 0;
  for (const place of text.places) {
    const own = text.sql.slice(place.start, place.start + place.length);
    const part = replacements.get(place.position) ?? own;
    sql += text.sql.slice(read, place.start);
    places.push({ ...place, start: sql.length, length: part.length });
    sql += part;
    read = place.start + place.length;
  }
  return { sql: sql + text.sql.slice(read), places };
}

/**
 * The script's offset of one in the engine's text. Right before a part it is the part's start, right behind the last
 * one its end; undefined where the script has nothing like it.
 */
export function scriptPosition({ places }: SqlText, offset: number): number | undefined {
  const next = places.find(({ start, length }) => offset < start + length);
  if (next !== undefined) return offset < next.start - 1 ? undefined : next.position + Math.max(0, offset - next.start);
  const last = places.at(-1);
  if (last === undefined || offset > last.start + last.length + 1) return undefined;
  return last.position + last.length;
}
