import type { SelectPlan } from "../../plan/select/select-plan.js";
import type { OutputColumn } from "../row-source.js";

/** The columns, with those that are amounts told as such. One whose heading another has too is left as it is. */
export function amountColumns(
  columns: readonly OutputColumn[],
  { amounts }: Pick<SelectPlan, "amounts">,
): readonly OutputColumn[] {
  if (amounts.length === 0) return columns;
  const headings = columns.map(({ name }) => name.toLowerCase());
  const placeOf = (heading: string): number | undefined => {
    const place = headings.indexOf(heading);
    return place >= 0 && headings.lastIndexOf(heading) === place ? place : undefined;
  };
  const currencies = new Map(amounts.map(({ amount, currency }) => [placeOf(amount), placeOf(currency)] as const));
  return columns.map((column, place) => {
    const currencyAt = currencies.get(place);
    return currencyAt === undefined ? column : { ...column, currencyAt };
  });
}
