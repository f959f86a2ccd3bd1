import type { ResultColumn } from "../driver/api.js";
import { SqlState } from "../error/sql-state.js";
import { didYouMean } from "../error/suggestion.js";
import { isNumeric } from "../value/numeric-type.js";
import { visibleText } from "../value/visible-text.js";
import { chartError } from "./chart-error.js";
import type { ChartKind, ChartRequest } from "./chart-request.js";

export type Measure = "time" | "number" | "text";

/** A column of the result that the chart shows. */
export interface ChosenColumn {
  readonly title: string;
  readonly measure: Measure;
  /** Its place in a row. */
  readonly place: number;
  /** The place of the column with its amounts' currencies. */
  readonly currencyPlace: number | undefined;
}

export interface ChosenColumns {
  readonly kind: ChartKind;
  readonly x: ChosenColumn;
  /** Undefined where rows are counted: in a histogram. */
  readonly y: ChosenColumn | undefined;
  /** Undefined where a heat map counts rows. */
  readonly by: ChosenColumn | undefined;
  /** False where nobody asked for `by`, which may be left out again. */
  readonly isByAsked: boolean;
  /** The place of the column whose values part rows that are not to be added up. */
  readonly currencyPlace: number | undefined;
}

/**
 * Finds the columns that were asked for, and chooses the others: as x the first time or text, as y the first number, as
 * `by` a further text.
 *
 * @throws StripeSqlError 42703 for a column that the result has not, 42804 for one of a type that has no place there.
 */
export function chooseColumns(request: ChartRequest, columns: readonly ResultColumn[]): ChosenColumns {
  const all = columns.map((column, place) => chosen(column, place, columns));
  const find = (name: string | undefined) => (name === undefined ? undefined : findColumn(name, columns, all));
  const asked = { x: find(request.x), y: find(request.y), by: find(request.by) };
  const kind = request.kind ?? fittingKind(all);
  const choice = choose(kind, asked, all);
  return { ...choice, currencyPlace: currencyPlace(choice, columns) };
}

type Choice = Omit<ChosenColumns, "currencyPlace">;

function choose(kind: ChartKind, asked: Asked, all: readonly ChosenColumn[]): Choice {
  switch (kind) {
    case "hist":
      return chooseForHistogram(asked, all);
    case "heat":
      return chooseForHeatMap(asked, all);
    case "bar":
    case "line":
    case "area":
      return chooseForSeries(kind, asked, all);
  }
}

/**
 * Where the currency of the numbers stands: known of amounts, and feared of other numbers that are added up, as a computed
 * amount is one that nobody knows of.
 */
function currencyPlace({ kind, x, y, by }: Choice, columns: readonly ResultColumn[]): number | undefined {
  const numbers = kind === "heat" ? by : kind === "hist" ? x : y;
  const known = numbers?.currencyPlace;
  if (known !== undefined || numbers === undefined || kind === "hist") return known;
  const feared = columns.findIndex(({ name, type }) => name.toLowerCase() === "currency" && type === "VARCHAR");
  return feared < 0 ? undefined : feared;
}

interface Asked {
  readonly x: ChosenColumn | undefined;
  readonly y: ChosenColumn | undefined;
  readonly by: ChosenColumn | undefined;
}

function chosen({ name, heading, type, currency }: ResultColumn, place: number, columns: readonly ResultColumn[]) {
  const currencyPlace = currency === undefined ? -1 : columns.findIndex((column) => column.name === currency);
  const measure: Measure = /^(TIMESTAMP|DATE)(?!.*\])/.test(type) ? "time" : isNumeric(type) ? "number" : "text";
  return {
    title: visibleText(heading ?? name),
    measure,
    place,
    currencyPlace: currencyPlace < 0 ? undefined : currencyPlace,
  };
}

function findColumn(name: string, columns: readonly ResultColumn[], all: readonly ChosenColumn[]): ChosenColumn {
  const wanted = name.toLowerCase();
  const isNamed = [
    (column: ResultColumn) => column.name === name,
    (column: ResultColumn) => column.name.toLowerCase() === wanted,
    (column: ResultColumn) => column.heading?.toLowerCase() === wanted,
  ];
  const place = isNamed.map((test) => columns.findIndex(test)).find((found) => found >= 0);
  const found = place === undefined ? undefined : all[place];
  if (found !== undefined) return found;
  const names = columns.map((column) => column.name);
  const hint = didYouMean(name, names) ?? `It has ${names.join(", ")}.`;
  throw chartError(`the result has no column "${name}"`, SqlState.undefinedColumn, hint);
}

/** Numbers over time as a line, by texts as bars, and alone by how often they come. */
function fittingKind(all: readonly ChosenColumn[]): ChartKind {
  const numbers = all.filter(({ measure }) => measure === "number").length;
  if (numbers === 0 || all.every(({ measure }) => measure === "number")) return numbers > 1 ? "line" : "hist";
  return all.some(({ measure }) => measure === "time") ? "line" : "bar";
}

function chooseForSeries(kind: "bar" | "line" | "area", asked: Asked, all: readonly ChosenColumn[]): Choice {
  const free = (column: ChosenColumn) => column !== asked.x && column !== asked.y && column !== asked.by;
  const numbers = all.filter((column) => column.measure === "number" && free(column));
  const others = all.filter((column) => column.measure !== "number" && free(column));
  const x = asked.x ?? others[0] ?? numbers[0];
  const y = asked.y ?? numbers.find((column) => column !== x);
  if (x === undefined || y === undefined) throw missingColumns(kind, "a number, and a time, text or number");
  if (y.measure !== "number") throw notANumber(y);
  const isChosen = asked.y === undefined && asked.by === undefined;
  const by = asked.by ?? (isChosen ? others.find((one) => one.measure === "text" && one !== x) : undefined);
  return { kind, x, y, by, isByAsked: asked.by !== undefined };
}

function chooseForHistogram(asked: Asked, all: readonly ChosenColumn[]): Choice {
  if (asked.y !== undefined) {
    throw chartError(
      `hist counts rows, so that "${asked.y.title}" has no place in it`,
      SqlState.invalidParameterValue,
      "hist takes one column of numbers or times, and by another for series.",
    );
  }
  const x = asked.x ?? all.find(({ measure }) => measure === "number") ?? all.find(({ measure }) => measure === "time");
  if (x === undefined) throw missingColumns("hist", "a number or a time");
  if (x.measure === "text") throw notANumber(x, "number or time");
  return { kind: "hist", x, y: undefined, by: asked.by, isByAsked: asked.by !== undefined };
}

function chooseForHeatMap(asked: Asked, all: readonly ChosenColumn[]): Choice {
  const free = all.filter((column) => column !== asked.x && column !== asked.y && column !== asked.by);
  const numbers = free.filter(({ measure }) => measure === "number");
  // Of several numbers the last is the values, and one before it may be an axis: cohort, months, retention.
  const axes = free.filter((column) => column.measure !== "number" || (numbers.length > 1 && column === numbers[0]));
  const [first, second] = axes;
  const x = asked.x ?? first;
  const y = asked.y ?? (asked.x === undefined ? second : first);
  if (x === undefined || y === undefined) throw missingColumns("heat", "two times or texts");
  const by = asked.by ?? free.find((column) => column.measure === "number" && column !== x && column !== y);
  if (by !== undefined && by.measure !== "number") throw notANumber(by);
  return { kind: "heat", x, y, by, isByAsked: asked.by !== undefined };
}

function missingColumns(kind: ChartKind, what: string): Error {
  return chartError(`the result lacks what ${kind} shows: ${what}`, SqlState.datatypeMismatch);
}

function notANumber({ title }: ChosenColumn, what = "number"): Error {
  return chartError(
    `column "${title}" is no ${what}`,
    SqlState.datatypeMismatch,
    "Cast it in the statement where its text is one: column::DOUBLE.",
  );
}
