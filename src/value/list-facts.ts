import type { Spread, ValueRange } from "./spread.js";
import { rowsWithin } from "./spread.js";

/** What a list held when it was last read to its end, all of it or what is of a range of creation times. */
export interface ListedPart {
  readonly created: ValueRange;
  readonly rows: number;
  /** By the parameter that filters by it, "created". */
  readonly spreads: Readonly<Record<string, Spread>>;
  /** By column: how many different values its rows hold, and how many rows hold any. */
  readonly distinct: Readonly<Record<string, { readonly rows: number; readonly distinct: number }>>;
  /** By column and by value, of columns of few values: how many rows hold it. */
  readonly shares: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** By the path of a list that each object holds the first rows of: those rows, and objects with more of them. */
  readonly embedded: Readonly<Record<string, { readonly rows: number; readonly cut: number }>>;
}

/** A list, whose whole was read, or parts of it. */
export interface ListedFact {
  readonly parts: readonly ListedPart[];
}

/** What was asked for by keys that rows of another table hold. */
export interface KeyedFact {
  /** Rows that the keys were taken of. */
  readonly sourceRows: number;
  /** Different keys. */
  readonly keys: number;
  /** Keys for which something was asked: what the rows held themselves was not. */
  readonly asked: number;
  readonly requests: number;
  /** Rows that came of it, those that were held included. */
  readonly rows: number;
}

/** Lists that differ in the key alone that they are asked by: what they held together. */
export interface MeanFact {
  readonly lists: number;
  readonly rows: number;
  readonly requests: number;
}

/** What reading on lists took that objects hold the first rows of. */
export interface CompletedFact {
  readonly objects: number;
  readonly requests: number;
}

export interface Facts {
  readonly listed: ListedFact;
  readonly keyed: KeyedFact;
  readonly mean: MeanFact;
  readonly completed: CompletedFact;
}

/** The same with what was learned last. */
export const mergedFact: {
  readonly [Kind in keyof Facts]: (known: Facts[Kind] | undefined, learned: Facts[Kind]) => Facts[Kind];
} = {
  listed: mergedListed,
  keyed: (known, learned) => (known !== undefined && known.keys > 4 * learned.keys ? known : learned),
  mean: (known, learned) => {
    if (known === undefined || learned.lists > rememberedLists) return learned;
    const weight = Math.min(1, rememberedLists / (known.lists + learned.lists));
    return {
      lists: known.lists * weight + learned.lists,
      rows: known.rows * weight + learned.rows,
      requests: known.requests * weight + learned.requests,
    };
  },
  completed: (known, learned) => (known !== undefined && known.objects > 4 * learned.objects ? known : learned),
};

/** Of more lists than these the earlier ones count less. */
const rememberedLists = 1000;

/** More parts of a list than these are not kept, so that statements of moving times do not add up. */
const mostParts = 4;

/** A part takes the place of those that it holds; one that tells nothing new is not added. */
function mergedListed(known: ListedFact | undefined, { parts: learned }: ListedFact): ListedFact {
  const parts = known?.parts ?? [];
  const told = learned
    .filter((part) => !parts.some((other) => tells(other, part)))
    .map((part) =>
      withEmbedded(
        part,
        parts.find((other) => isOfSameTimes(other, part)),
      ),
    );
  if (known !== undefined && told.length === 0) return known;
  const others = parts.filter((other) => !told.some((part) => holds(part.created, other.created)));
  const [wholes, partial] = [others.filter(isWhole), others.filter((part) => !isWhole(part))];
  return { parts: [...wholes, ...[...partial, ...told].slice(-mostParts)] };
}

/** What objects hold once they are asked to is not told of where the list was read without. */
function withEmbedded(part: ListedPart, before: ListedPart | undefined): ListedPart {
  if (before === undefined || before.rows === 0) return part;
  const scale = part.rows / before.rows;
  const kept = Object.entries(before.embedded).filter(([path]) => part.embedded[path] === undefined);
  if (kept.length === 0) return part;
  const embedded = kept.map(([path, { rows, cut }]) => [path, { rows: rows * scale, cut: cut * scale }] as const);
  return { ...part, embedded: { ...part.embedded, ...Object.fromEntries(embedded) } };
}

const isOfSameTimes = ({ created: one }: ListedPart, { created: other }: ListedPart): boolean =>
  one.minimum === other.minimum && one.maximum === other.maximum;

const isWhole = ({ created: { minimum, maximum } }: ListedPart): boolean =>
  minimum === undefined && maximum === undefined;

/** True where what is known of a wider range is what was learned. */
function tells(known: ListedPart, learned: ListedPart): boolean {
  if (known === learned) return true;
  if (isOfSameTimes(known, learned) || !holds(known.created, learned.created)) return false;
  const rows = partRows(known, learned.created);
  return rows !== undefined && Math.abs(rows - learned.rows) <= Math.max(1, learned.rows * 0.01);
}

function holds(outer: ValueRange, inner: ValueRange): boolean {
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = outer;
  return (
    minimum <= (inner.minimum ?? Number.NEGATIVE_INFINITY) && maximum >= (inner.maximum ?? Number.POSITIVE_INFINITY)
  );
}

/** Rows of a part that were created within a range; undefined where it does not tell of their times. */
function partRows({ created, rows, spreads }: ListedPart, range: ValueRange): number | undefined {
  if (created.minimum === range.minimum && created.maximum === range.maximum) return rows;
  const spread = spreads["created"];
  return spread === undefined ? (rows === 0 ? 0 : undefined) : rowsWithin(spread, range);
}

/** The narrowest part that holds all of the range, which is the one that was read the latest of those that do. */
export function partOf({ parts }: ListedFact, range: ValueRange): ListedPart | undefined {
  return parts.filter(({ created }) => holds(created, range)).at(-1);
}

/** Rows of a list within a range of creation times; undefined where no part that was read holds it. */
export function listedRows(fact: ListedFact, range: ValueRange): number | undefined {
  const part = partOf(fact, range);
  return part && partRows(part, range);
}
