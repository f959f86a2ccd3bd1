import { writeXlsxStream } from "hucre/xlsx";
import { isNumeric } from "../value/numeric-type.js";
import { headingOf } from "./heading.js";
import type { PrintableRows } from "./printable-rows.js";

type XlsxValue = string | number | boolean | Date | null;

/** A cell holds no more. */
const mostCharacters = 32_767;
/** As many digits as its numbers keep. */
const mostDigits = 15;

export interface XlsxFile {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** What is to be said of it, once all bytes are written. */
  notes(): readonly string[];
}

/**
 * A result as a workbook, written as its rows come: numbers as numbers, but as texts where a cell would round them, times
 * as dates of their own clock, and texts never as formulas. Past 1,048,576 rows it goes on in further sheets.
 */
export async function xlsxFile(rows: PrintableRows): Promise<XlsxFile> {
  const columns = await rows.columns();
  let cut = 0;
  const readers = columns.map(({ type }) => readerOf(type));
  const read = (text: string | null, index: number): XlsxValue => {
    if (text === null) return null;
    const value = readers[index]?.(text) ?? text;
    if (typeof value !== "string") return value;
    if (value.length <= mostCharacters) return escaped(value);
    cut += 1;
    return escaped(`${value.slice(0, mostCharacters - 1)}…`);
  };
  async function* values(): AsyncGenerator<XlsxValue[]> {
    for await (const texts of rows.texts("iso")) yield texts.map(read);
  }
  const bytes = writeXlsxStream(values(), {
    name: "Result",
    columns: columns.map((column) => ({ header: escaped(headingOf(column)), ...styleOf(column.type) })),
    freezePane: { rows: 1 },
  });
  const cells = () => (cut === 1 ? "1 text is" : `${cut} texts are`);
  return { bytes, notes: () => (cut === 0 ? [] : [`${cells()} cut, as a cell holds ${mostCharacters} characters`]) };
}

/** What XML cannot hold stands as its number, `_x0007_`, and so a text that reads like that is told apart. */
function escaped(text: string): string {
  return text.replace(/_(?=x[0-9a-f]{4}_)/gi, "_x005F_").replace(/[^\P{Cc}\t\n]|[\ufffe\uffff]/gu, (character) => {
    return `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}_`;
  });
}

function styleOf(type: string): { readonly width?: number; readonly numFmt?: string } {
  if (type === "DATE") return { width: 12, numFmt: "yyyy-mm-dd" };
  return isTime(type) ? { width: 20, numFmt: "yyyy-mm-dd hh:mm:ss" } : {};
}

const isTime = (type: string): boolean => /^(TIMESTAMP|DATE)(?!.*\])/.test(type);

/** Undefined for what stays text. */
function readerOf(type: string): (text: string) => XlsxValue | undefined {
  if (type === "BOOLEAN") return (text) => text === "true";
  if (/^(DOUBLE|FLOAT)$/.test(type)) return (text) => finite(Number(text));
  if (isNumeric(type)) return numberOf;
  return isTime(type) ? timeOf : () => undefined;
}

function numberOf(text: string): number | undefined {
  const digits = /^-?0*(\d*)\.?(\d*?)0*(?:e[-+]?\d+)?$/i.exec(text);
  if (digits === null) return undefined;
  const significant = `${digits[1]}${digits[2]}`.replace(/^0+/, "");
  return significant.length <= mostDigits || /e/i.test(text) ? finite(Number(text)) : undefined;
}

const finite = (number: number): number | undefined => (Number.isFinite(number) ? number : undefined);

/** Workbooks know no zones, and no time before 1900. */
function timeOf(text: string): Date | undefined {
  const found = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d:\d\d(?:\.\d{1,3})?))?/.exec(text);
  if (found === null || Number(found[1]) < 1901) return undefined;
  return new Date(`${found[1]}-${found[2]}-${found[3]}T${found[4] ?? "00:00:00"}Z`);
}
