import { useEffect, useState } from "preact/hooks";
import { inMajorUnits } from "../../value/currency-digits.js";
import type { StudioColumn } from "../messages.js";
import { readRows } from "./api.js";
import type { ShownResult } from "./use-run.js";

/** The first value of a result's first row; an amount in its currency. */
export function NumberView({ shown: { id, stored, columns } }: { readonly shown: ShownResult }) {
  const [value, setValue] = useState("…");
  const [problem, setProblem] = useState("");
  useEffect(() => {
    readRows(id, 0, 1).then(
      ({ rows: [row] }) => setValue(row === undefined ? "no rows" : valueText(row, columns)),
      (error: Error) => setProblem(error.message),
    );
  }, [id]);
  if (problem !== "") return <p role="alert">{problem}</p>;
  return (
    <p class="number-view">
      <strong>{value}</strong>
      <small>
        {columns[0]?.name}
        {stored > 1 ? `, the first of ${stored.toLocaleString("en")} rows` : ""}
      </small>
    </p>
  );
}

function valueText(row: readonly (string | null)[], columns: readonly StudioColumn[]): string {
  const [text] = row;
  if (text === null || text === undefined) return "NULL";
  const currency = row[columns.findIndex(({ key }) => key === columns[0]?.currency)];
  const amount = currency === null || currency === undefined ? undefined : inMajorUnits(text, currency);
  return amount === undefined ? grouped(text) : `${grouped(amount)} ${currency?.toUpperCase()}`;
}

/** 9454880.5 as 9,454,880.5; no digit is lost. */
function grouped(text: string): string {
  const [, whole = "", rest = ""] = /^(-?\d+)(\.\d+)?$/.exec(text) ?? [];
  return whole === "" ? text : `${whole.replace(/\B(?=(?:\d{3})+$)/g, ",")}${rest}`;
}
