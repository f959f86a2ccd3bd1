import type { Cost } from "../cost/cost.js";
import { compareCosts, nothing, sumOf } from "../cost/cost.js";

/** Relations to be ordered, each named by its key. */
export interface JoinedRelations<Planned> {
  readonly keys: readonly string[];
  /** Plans a relation where those before it are planned as given; undefined where it cannot be read without others. */
  readonly plan: (key: string, before: ReadonlyMap<string, Planned>) => Planned | undefined;
  readonly costOf: (planned: Planned) => Cost;
}

/** Of more relations than this, the next is the one that takes least, as the orders of all are too many to weigh. */
const maximumWeighed = 6;

/**
 * The relations in the order in which they take the fewest requests: each may take its keys, or its rows, from those
 * before it. Undefined where in no order all can be read.
 */
export function joinOrder<Planned>(relations: JoinedRelations<Planned>): readonly string[] | undefined {
  return relations.keys.length > maximumWeighed ? nextCheapest(relations) : cheapestOfAll(relations);
}

interface Partial<Planned> {
  readonly planned: ReadonlyMap<string, Planned>;
  readonly cost: Cost;
}

/** For each set of relations the best order of them, from the sets of one relation less. */
function cheapestOfAll<Planned>(relations: JoinedRelations<Planned>): readonly string[] | undefined {
  const { keys } = relations;
  const whole = 2 ** keys.length - 1;
  const best: (Partial<Planned> | undefined)[] = [{ planned: new Map(), cost: nothing }];
  for (let set = 1; set <= whole; set += 1) {
    keys.forEach((key, index) => {
      const bit = 2 ** index;
      const before = (set & bit) === 0 ? undefined : best[set - bit];
      const next = before && extended(before, key, relations);
      if (next === undefined) return;
      const known = best[set];
      if (known === undefined || compareCosts(next.cost, known.cost) < 0) best[set] = next;
    });
  }
  const found = best[whole];
  return found && [...found.planned.keys()];
}

function nextCheapest<Planned>(relations: JoinedRelations<Planned>): readonly string[] | undefined {
  let partial: Partial<Planned> = { planned: new Map(), cost: nothing };
  while (partial.planned.size < relations.keys.length) {
    const { planned } = partial;
    const rest = relations.keys.filter((key) => !planned.has(key));
    const [first, ...others] = rest.flatMap((key) => extended(partial, key, relations) ?? []);
    if (first === undefined) return undefined;
    partial = others.reduce((best, next) => (compareCosts(next.cost, best.cost) < 0 ? next : best), first);
  }
  return [...partial.planned.keys()];
}

function extended<Planned>(
  { planned, cost }: Partial<Planned>,
  key: string,
  { plan, costOf }: JoinedRelations<Planned>,
): Partial<Planned> | undefined {
  const next = plan(key, planned);
  return next && { planned: new Map([...planned, [key, next]]), cost: sumOf([cost, costOf(next)]) };
}
