import { z } from "zod";
import { chartKinds } from "../../chart/chart-request.js";

/** What is wrong with a value that is not of its form, and with one that is not there. */
function rule(text: string) {
  return {
    error: ({ input }: { readonly input: unknown }) =>
      input === undefined ? `is missing: it must be ${text}` : `must be ${text}`,
  };
}

const text = z.string(rule("a text")).min(1, rule("a text"));
const views = ["table", "number", "chart"] as const;
const fromOneToFour = rule("a whole number from 1 to 4");
const oneToFour = z.int(fromOneToFour).min(1, fromOneToFour).max(4, fromOneToFour);

const chartForm = z.strictObject(
  {
    kind: z.enum(chartKinds, rule(`one of ${chartKinds.join(", ")}`)).optional(),
    x: text.optional(),
    y: text.optional(),
    by: text.optional(),
  },
  rule("a mapping with kind, x, y and by"),
);

const tileForm = z
  .strictObject(
    {
      title: text.optional(),
      query: text.optional(),
      sql: text.optional(),
      view: z.enum(views, rule(`one of ${views.join(", ")}`)).default("table"),
      chart: chartForm.optional(),
      width: oneToFour.default(1),
    },
    rule("a mapping"),
  )
  .check(({ value, issues }) => {
    const wrong = (message: string, path: readonly string[]) =>
      issues.push({ code: "custom", input: value, message, path: [...path] });
    if ((value.query === undefined) === (value.sql === undefined))
      wrong("must have either query, the name of a saved query, or sql", []);
    if (value.chart !== undefined && value.view !== "chart") wrong("is for view: chart alone", ["chart"]);
  });

/** A dashboard as its file says it, with what is left out. */
export const dashboardForm = z.strictObject(
  {
    title: text.optional(),
    columns: oneToFour.default(2),
    tiles: z.array(tileForm, rule("a list of tiles")).min(1, rule("a list of one tile or more")),
  },
  rule("a mapping with title and tiles"),
);

export type DashboardForm = z.infer<typeof dashboardForm>;
export type TileForm = DashboardForm["tiles"][number];

/** The keys of what stands at a path. */
export function keysAt(path: readonly (string | number)[]): readonly string[] {
  if (path.at(-1) === "chart") return Object.keys(chartForm.shape);
  return Object.keys(path.length === 0 ? dashboardForm.shape : tileForm.shape);
}
