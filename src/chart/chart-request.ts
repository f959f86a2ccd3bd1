import { SqlState } from "../error/sql-state.js";
import { didYouMean } from "../error/suggestion.js";
import { chartError } from "./chart-error.js";

export const chartKinds = ["bar", "line", "area", "hist", "heat"] as const;
export type ChartKind = (typeof chartKinds)[number];

/** What somebody wants to see. What is left out is chosen by the result's columns. */
export interface ChartRequest {
  readonly kind?: ChartKind | undefined;
  /** Names of columns, in any case. */
  readonly x?: string | undefined;
  readonly y?: string | undefined;
  /** The series' column; of a heat map, the column of its values. */
  readonly by?: string | undefined;
}

const chartUsage = "[bar|line|area|hist|heat [X [Y]] [by Z]]";

/**
 * Reads "bar month mrr by currency", word by word. A column that is called "by" stands in double quotes, as one with
 * spaces does.
 *
 * @throws StripeSqlError 22023 for a kind that there is not, 42601 for words that have no place.
 */
export function parseChartRequest(words: readonly string[]): ChartRequest {
  const [first, ...others] = words;
  if (first === undefined) return {};
  const kind = chartKinds.find((one) => one === first.toLowerCase());
  if (kind === undefined) throw unknownKind(first);
  const place = others.findIndex((word) => word.toLowerCase() === "by");
  const columns = place < 0 ? others : others.slice(0, place);
  const series = place < 0 ? [] : others.slice(place + 1);
  const extra = columns[2] ?? series[1];
  if (extra !== undefined) {
    throw chartError(`"${extra}" is one word too many`, SqlState.syntaxError, `A chart is ${chartUsage}.`);
  }
  if (place >= 0 && series[0] === undefined) {
    throw chartError("by needs a column", SqlState.syntaxError, `A chart is ${chartUsage}.`);
  }
  const [x, y] = columns.map(unquoted);
  return { kind, x, y, by: series.map(unquoted)[0] };
}

/** The same of one text. */
export function parseChartText(text: string): ChartRequest {
  return parseChartRequest(text.match(/(?:"(?:[^"]|"")*"|\S)+/g) ?? []);
}

function unknownKind(word: string): Error {
  return chartError(
    `there is no chart "${word}"`,
    SqlState.invalidParameterValue,
    didYouMean(word, chartKinds) ?? `There are ${chartKinds.join(", ")}.`,
  );
}

function unquoted(word: string): string {
  return /^".*"$/s.test(word) ? word.slice(1, -1).replaceAll('""', '"') : word;
}
