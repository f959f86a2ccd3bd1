import type { PrintableRows } from "./printable-rows.js";

/** One array of row objects. Where the statement fails half-way the array stays open, so that no reader takes it for whole. */
export async function* printJson(rows: PrintableRows): AsyncGenerator<string> {
  let isFirst = true;
  for await (const object of objectTexts(rows)) {
    yield `${isFirst ? "[\n" : ",\n"}${object}`;
    isFirst = false;
  }
  yield isFirst ? "[]\n" : "\n]\n";
}

/** One object a line. */
export async function* printJsonLines(rows: PrintableRows): AsyncGenerator<string> {
  for await (const object of objectTexts(rows)) yield `${object}\n`;
}

async function* objectTexts(rows: PrintableRows): AsyncGenerator<string> {
  const keys = (await rows.columns()).map(({ name }) => JSON.stringify(name));
  for await (const texts of rows.texts("json"))
    yield `{${keys.map((key, index) => `${key}:${texts[index]}`).join(",")}}`;
}
