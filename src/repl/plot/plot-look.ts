import { displayWidth } from "../../output/display-width.js";

/** What a chart is drawn on. */
export interface PlotLook {
  /** Columns of the terminal. */
  readonly width: number;
  readonly isColored: boolean;
}

/** Of a terminal's 256 colours, for twelve series: the same hues as those of pictures. */
const seriesColors = [75, 203, 71, 179, 80, 170, 245, 208, 37, 136, 211, 110];

/** What tells series apart where there are no colours, and for who does not see them: on lines, and as fillings. */
const lineMarks = "●▲■◆○△□◇×+*#";
const fillings = "█▒░▓#%*+=o:.";

export const lineMark = (series: number): string => lineMarks.charAt(series);
export const filling = (series: number): string => fillings.charAt(series);

/** A text in its series' colour, where there are colours. */
export function colored(text: string, series: number, { isColored }: Pick<PlotLook, "isColored">): string {
  return isColored ? inColor(text, seriesColors[series % seriesColors.length] ?? 0) : text;
}

export function inColor(text: string, color: number): string {
  return `\u001b[38;5;${color}m${text}\u001b[0m`;
}

/** "● usd   ▲ eur", in as many lines as it takes. */
export function legend(names: readonly string[], mark: (series: number) => string, look: PlotLook): readonly string[] {
  const keys = names.map((name, series) => ({
    text: `${colored(mark(series), series, look)} ${name}`,
    width: displayWidth(name) + 2,
  }));
  return inLines(keys, look.width);
}

/** Texts beside each other, whose widths are without their colours. */
export function inLines(
  texts: readonly { readonly text: string; readonly width: number }[],
  most: number,
): readonly string[] {
  const lines: string[] = [];
  let used = most;
  for (const { text, width } of texts) {
    const fits = used + 3 + width <= most;
    if (fits) lines[lines.length - 1] += `   ${text}`;
    else lines.push(text);
    used = fits ? used + 3 + width : width;
  }
  return lines;
}
