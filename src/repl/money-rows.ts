import type { ResultColumn, Row, RowStream, TextStyle } from "../driver/api.js";
import { inMajorUnits } from "../value/currency-digits.js";

/** What a conversion says of amounts that it left as they were. */
type Tell = () => void;

/**
 * The same rows with amounts in their currencies' own units, where a column of the result tells the currency. What has
 * none stays in minor units, and a notice counts it.
 */
export function moneyRows(rows: RowStream): RowStream {
  let left = 0;
  const tell = () => {
    left += 1;
  };
  return {
    async columns() {
      const columns = await rows.columns();
      return columns.map((column) => (column.currency === undefined ? column : { ...column, type: "DECIMAL" }));
    },
    async *texts(style: TextStyle): AsyncGenerator<readonly (string | null)[]> {
      const convert = textConverter(await rows.columns(), { style, tell });
      for await (const texts of rows.texts(style)) yield convert(texts);
    },
    async *[Symbol.asyncIterator](): AsyncGenerator<Row> {
      const amounts = (await rows.columns()).filter(({ currency }) => currency !== undefined);
      for await (const row of rows) {
        const changed = amounts.map(({ name, currency = "" }) => {
          const text = converted(String(row[name] ?? ""), row[currency], tell);
          return [name, row[name] === null ? null : text] as const;
        });
        yield { ...row, ...Object.fromEntries(changed) };
      }
    },
    get requests() {
      return rows.requests;
    },
    async summary() {
      const summary = await rows.summary();
      if (left === 0) return summary;
      const notice = `${left} ${left === 1 ? "amount has" : "amounts have"} no currency, and ${left === 1 ? "is" : "are"} shown in minor units`;
      return { ...summary, notices: [...summary.notices, notice] };
    },
  };
}

function textConverter(
  columns: readonly ResultColumn[],
  { style, tell }: { readonly style: TextStyle; readonly tell: Tell },
): (texts: readonly (string | null)[]) => readonly (string | null)[] {
  const currencyAt = columns.map(({ currency }) => columns.findIndex(({ name }) => name === currency));
  return (texts) =>
    texts.map((text, index) => {
      const place = currencyAt[index] ?? -1;
      if (place < 0 || text === null || text === "null") return text;
      const currency = texts[place] ?? null;
      const code: unknown = currency !== null && style === "json" ? JSON.parse(currency) : currency;
      return converted(text, code, tell);
    });
}

/** Nothing is told of 0, which is 0 in any unit. */
function converted(amount: string, currency: unknown, tell: Tell): string {
  const major = typeof currency === "string" && currency !== "" ? inMajorUnits(amount, currency) : undefined;
  if (major === undefined && amount !== "0" && amount !== "") tell();
  return major ?? amount;
}
