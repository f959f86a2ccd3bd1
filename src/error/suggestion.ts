import { distance } from "fastest-levenshtein";

const maximumNames = 3;
const maximumValues = 5;

interface Scored {
  readonly candidate: string;
  readonly score: number;
}

/** Nearest first. */
function byNearness(name: string, candidates: Iterable<string>): readonly Scored[] {
  const wanted = name.toLowerCase();
  return [...candidates]
    .map((candidate) => ({ candidate, score: score(wanted, candidate.toLowerCase()) }))
    .sort((a, b) => a.score - b.score || a.candidate.localeCompare(b.candidate));
}

/** A few candidates, none that differ from the name in more than about a third. */
function nearestNames(name: string, candidates: Iterable<string>): readonly string[] {
  const tolerance = Math.max(2, Math.floor(name.length / 3));
  const near = byNearness(name, candidates).filter(({ score }) => score <= tolerance);
  const meant = near.filter(({ score }) => score === 0);
  return (meant.length > 0 ? meant : near).slice(0, maximumNames).map(({ candidate }) => candidate);
}

/** "'open', 'paid'": the few of an enum's values that are nearest to one that it has not, however far they are. */
export function nearestValues(value: string, known: Iterable<string>): string {
  return byNearness(value, known)
    .slice(0, maximumValues)
    .map(({ candidate }) => `'${candidate}'`)
    .join(", ");
}

/**
 * A candidate that merely continues the name or its singular, or is continued by it, is near however long the rest is. One
 * that the name lacks the schema of is as near as it is without.
 */
function score(wanted: string, candidate: string): number {
  const dot = candidate.lastIndexOf(".");
  const own = nearness(wanted, candidate);
  return dot < 0 || wanted.includes(".") ? own : Math.min(own, distance(wanted, candidate.slice(dot + 1)));
}

function nearness(wanted: string, candidate: string): number {
  const start = wanted.length >= 5 ? wanted.replace(/s$/, "") : wanted;
  const contained = wanted.length >= 4 && (candidate.startsWith(start) || wanted.startsWith(candidate));
  return contained ? 1 : distance(wanted, candidate);
}

/** "Did you mean …?" for an error's hint, or undefined where nothing is near. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const near = nearestNames(name, candidates).map((candidate) => `"${candidate}"`);
  if (near.length === 0) return undefined;
  const last = near[near.length - 1];
  return near.length === 1 ? `Did you mean ${last}?` : `Did you mean ${near.slice(0, -1).join(", ")} or ${last}?`;
}
