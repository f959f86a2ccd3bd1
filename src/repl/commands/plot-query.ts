import { extname } from "node:path";
import type { ChartRequest } from "../../chart/chart-request.js";
import { parseChartRequest } from "../../chart/chart-request.js";
import { inHome } from "../home-path.js";
import { CommandMistake } from "./command-mistake.js";
import { isWrite } from "./is-write.js";
import { runInto } from "./run-into.js";
import type { Shell } from "./shell.js";

export interface Plot {
  readonly chart: ChartRequest;
  readonly picture: { readonly file: string; readonly format: "svg" | "png" } | undefined;
}

/** "bar month mrr by currency to FILE.svg", as words. */
export function parsePlot(words: readonly string[]): Plot {
  const given = words.filter((word) => word !== ";");
  const place = given.findIndex((word) => word.toLowerCase() === "to");
  if (place < 0) return { chart: parseChartRequest(given.map(withoutSemicolon)), picture: undefined };
  const [file, extra] = given.slice(place + 1).map(withoutSemicolon);
  if (file === undefined || file === "") throw new CommandMistake("\\plot needs a file after to", "to FILE.svg");
  if (extra !== undefined) throw new CommandMistake(`\\plot: "${extra}" is one word too many`);
  const chart = parseChartRequest(given.slice(0, place));
  return { chart, picture: { file: inHome(file), format: formatOf(file) } };
}

const withoutSemicolon = (word: string): string => word.replace(/;$/, "");

function formatOf(file: string): "svg" | "png" {
  const extension = extname(file).toLowerCase();
  if (extension === ".svg") return "svg";
  if (extension === ".png") return "png";
  throw new CommandMistake(`\\plot writes svg and png, which "${file}" is not named after`);
}

/** Draws a statement's rows on the terminal, or into a file, which is there whole or not at all. */
export async function plotQuery(text: string, { chart, picture }: Plot, shell: Shell): Promise<boolean> {
  if (isWrite(text)) throw new CommandMistake("\\plot runs statements that only read", "A write is sent once.");
  const { output } = shell.session;
  if (picture === undefined) {
    return (await runInto(output.plotTarget(chart), text, shell)) !== undefined;
  }
  const summary = await runInto(await output.fileTarget(picture.file, picture.format, chart), text, shell);
  if (summary === undefined) return false;
  shell.say(`PLOT ${picture.file}`);
  return true;
}
