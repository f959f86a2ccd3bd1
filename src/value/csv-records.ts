/** How the cells of a CSV file are written. */
export interface CsvForm {
  readonly delimiter: string;
  readonly quote: string;
  /** What stands before a quote that is part of a cell; the quote itself where it is doubled. */
  readonly quoteEscape: string;
}

export interface CsvRecord {
  readonly cells: readonly string[];
  /** The line that it begins in, from 1. */
  readonly line: number;
  /** What is wrong with it; undefined for a good one. */
  readonly problem: string | undefined;
}

/**
 * The records of a CSV file's lines, by RFC 4180: a quoted cell may hold delimiters, doubled quotes and line breaks.
 * Blank lines between records are none. A record that is wrong does not take the next one with it.
 */
export function csvRecords(lines: readonly string[], form: CsvForm): readonly CsvRecord[] {
  const records: CsvRecord[] = [];
  let open: OpenRecord | undefined;
  let begun = 0;
  lines.forEach((line, index) => {
    if (open === undefined && line === "") return;
    if (open === undefined) begun = index + 1;
    open = readLine(line, open, form);
    if (open.quoted !== undefined) return;
    records.push({ cells: open.cells, line: begun, problem: open.problem });
    open = undefined;
  });
  const rest = open as OpenRecord | undefined;
  if (rest !== undefined) records.push({ cells: rest.cells, line: begun, problem: "a quotation in it is not closed" });
  return records;
}

interface OpenRecord {
  readonly cells: readonly string[];
  /** What a quoted cell holds so far that the line ended in. */
  readonly quoted: string | undefined;
  readonly problem: string | undefined;
}

function readLine(line: string, open: OpenRecord | undefined, form: CsvForm): OpenRecord {
  const cells = [...(open?.cells ?? [])];
  let problem = open?.problem;
  let cell = open?.quoted === undefined ? readCell(line, 0, form) : readQuoted(line, 0, `${open.quoted}\n`, form);
  for (;;) {
    problem ??= cell.problem;
    if (cell.isOpen) return { cells, quoted: cell.text, problem };
    cells.push(cell.text);
    if (cell.next === undefined) return { cells, quoted: undefined, problem };
    cell = readCell(line, cell.next, form);
  }
}

interface Cell {
  readonly text: string;
  /** Where the next one begins; undefined for the line's last. */
  readonly next: number | undefined;
  /** True where its line ends before its closing quote. */
  readonly isOpen: boolean;
  readonly problem: string | undefined;
}

function readCell(line: string, from: number, form: CsvForm): Cell {
  if (line.startsWith(form.quote, from)) return readQuoted(line, from + 1, "", form);
  const { end, next } = endOfCell(line, from, form);
  return { text: line.slice(from, end), next, isOpen: false, problem: undefined };
}

/** The rest of a quoted cell, behind what it holds before. */
function readQuoted(line: string, from: number, before: string, form: CsvForm): Cell {
  const { quote, quoteEscape } = form;
  let text = before;
  for (let at = from; at < line.length; at += 1) {
    const character = line.charAt(at);
    if (character === quoteEscape && line.charAt(at + 1) === quote) {
      text += quote;
      at += 1;
    } else if (character === quote) {
      const { end, next } = endOfCell(line, at + 1, form);
      const problem = end > at + 1 ? "text stands behind a closing quote in it" : undefined;
      return { text, next, isOpen: false, problem };
    } else text += character;
  }
  return { text, next: undefined, isOpen: true, problem: undefined };
}

function endOfCell(line: string, from: number, { delimiter }: CsvForm): Pick<Cell, "next"> & { readonly end: number } {
  const end = line.indexOf(delimiter, from);
  return end < 0 ? { end: line.length, next: undefined } : { end, next: end + 1 };
}
