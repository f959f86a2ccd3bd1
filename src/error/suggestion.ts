import { distance } from "fastest-levenshtein";

/** The up to `count` (default 3) candidates nearest to `name`, nearest first; none that differ in more than about a third. */
function nearestNames(name: string, candidates: Iterable<string>, count = 3): readonly string[] {
  const wanted = name.toLowerCase();
  const tolerance = Math.max(2, Math.floor(wanted.length / 3));
  return [...candidates]
    .map((candidate) => ({ candidate, score: score(wanted, candidate.toLowerCase()) }))
    .filter(({ score }) => score <= tolerance)
    .sort((a, b) => a.score - b.score || a.candidate.localeCompare(b.candidate))
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

/** A candidate that merely continues the name, or is continued by it, is near however long the rest is. */
function score(wanted: string, candidate: string): number {
  const contained = wanted.length >= 4 && (candidate.startsWith(wanted) || wanted.startsWith(candidate));
  return contained ? 1 : distance(wanted, candidate);
}

/** "Did you mean …?" for an error's hint, or undefined where nothing is near. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const near = nearestNames(name, candidates).map((candidate) => `"${candidate}"`);
  if (near.length === 0) return undefined;
  const last = near[near.length - 1];
  return near.length === 1 ? `Did you mean ${last}?` : `Did you mean ${near.slice(0, -1).join(", ")} or ${last}?`;
}
