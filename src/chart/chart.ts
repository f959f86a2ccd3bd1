/** What a chart shows, for whatever draws it: numbers and texts alone, already in the units of its axes. */
export type Chart = BarChart | LineChart | Histogram | HeatMap;

interface ChartBase {
  /** What is to be said beside it: which rows it leaves out, and which it adds up. */
  readonly notes: readonly string[];
}

/** Series of more than one are told apart by a legend; a chart without a `by` has the one unnamed series "". */
export interface Series {
  /** The `by` column. Undefined where there is none. */
  readonly title: string | undefined;
  /** In their order, not in that of the rows. */
  readonly names: readonly string[];
  /** True where the values of one place add up to something: false for amounts in several currencies. */
  readonly isStacked: boolean;
}

export interface BarChart extends ChartBase {
  readonly kind: "bar";
  readonly x: CategoryAxis;
  readonly y: NumberAxis;
  readonly series: Series;
  /** `x` and `series` are places in the lists of their names. */
  readonly bars: readonly { readonly x: number; readonly y: number; readonly series: number }[];
}

export interface LineChart extends ChartBase {
  readonly kind: "line" | "area";
  readonly x: CategoryAxis | TimeAxis | NumberAxis;
  readonly y: NumberAxis;
  readonly series: Series;
  /** By x; of a category axis, `x` is the place among its names. */
  readonly points: readonly { readonly x: number; readonly y: number; readonly series: number }[];
}

export interface Histogram extends ChartBase {
  readonly kind: "hist";
  readonly x: TimeAxis | NumberAxis;
  /** Rows. */
  readonly y: NumberAxis;
  readonly series: Series;
  /** Where bins begin and end: one more than there are bins. Each holds its begin and not its end. */
  readonly edges: readonly number[];
  /** `bin` is its place; those without rows are left out. */
  readonly counts: readonly { readonly bin: number; readonly y: number; readonly series: number }[];
}

export interface HeatMap extends ChartBase {
  readonly kind: "heat";
  readonly x: CategoryAxis;
  readonly y: CategoryAxis;
  readonly value: NumberAxis;
  readonly cells: readonly { readonly x: number; readonly y: number; readonly value: number }[];
}

/** Texts side by side; times too, in their order, where each has a place of its own. */
export interface CategoryAxis {
  readonly kind: "categories";
  readonly title: string;
  readonly names: readonly string[];
}

/** Milliseconds since 1970, of the clock that the texts of the result are by: to be read as UTC. */
export interface TimeAxis {
  readonly kind: "time";
  readonly title: string;
  readonly precision: TimePrecision;
}

export interface NumberAxis {
  readonly kind: "number";
  /** "mrr (USD)" where the values are amounts, which are in the currency itself and not in its minor unit. */
  readonly title: string;
  /** Digits behind the point of a value: those of a currency. Undefined for as many as it has. */
  readonly digits: number | undefined;
}

/** The finest part of a time that says something. */
export type TimePrecision = "year" | "month" | "day" | "minute" | "second";

/** A row's texts, by the place of their columns. */
export type TextRow = readonly (string | null)[];
