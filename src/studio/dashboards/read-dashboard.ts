import type { z } from "zod";
import { readDocuments } from "../../driver/connection-file/document-tree.js";
import type { Mistake } from "../../driver/connection-file/mistake.js";
import { invalidFile, mistakesError } from "../../driver/connection-file/mistake.js";
import { printPath } from "../../driver/connection-file/path.js";
import { didYouMean } from "../../error/suggestion.js";
import type { DashboardForm } from "./dashboard-form.js";
import { dashboardForm, keysAt } from "./dashboard-form.js";

/**
 * Reads a dashboard of YAML, or of JSON, which is YAML too.
 *
 * @param file What the file is called in mistakes.
 * @throws StripeSqlError 22023, whose detail lists every mistake with its line and path.
 */
export async function readDashboard(text: string, file: string): Promise<DashboardForm> {
  const [tree, ...others] = await readDocuments(text);
  if (tree === undefined) throw invalidFile(`${file} is empty`, "A dashboard has a title and tiles.");
  if (others.length > 0) throw invalidFile(`${file} holds ${others.length + 1} documents`, "A dashboard is one.");
  const checked = dashboardForm.safeParse(tree.value);
  if (checked.success && tree.mistakes.length === 0) return checked.data;
  // A text that cannot be read is of no form either, which says nothing.
  const ofForm = tree.mistakes.length > 0 ? [] : (checked.error?.issues ?? []).flatMap(mistakesOf);
  const placed = [
    ...tree.mistakes,
    ...ofForm.map((one) => ({ ...one, place: tree.place(one.path, one.isKey === true ? "key" : "value") })),
  ];
  throw mistakesError(
    file,
    placed.map((one) => ({
      ...one,
      place: { file, ...one.place },
      name: printPath(one.path),
      shown: undefined,
    })),
  );
}

function mistakesOf(issue: z.core.$ZodIssue): readonly Mistake[] {
  const path = issue.path.filter((step) => typeof step !== "symbol");
  if (issue.code !== "unrecognized_keys") return [{ path, rule: issue.message }];
  const known = keysAt(path);
  return issue.keys.map((key) => ({
    path: [...path, key],
    isKey: true,
    rule: "is no known key",
    hint: didYouMean(key, known) ?? `The keys are ${known.join(", ")}.`,
  }));
}
