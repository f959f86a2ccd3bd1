import { access } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Chart } from "./chart.js";
import type { PictureOptions } from "./draw-svg.js";
import { drawSvg } from "./draw-svg.js";

/** Where the build lays it, from here and from the bundled program. It comes with the package: a machine without fonts would show no text, and say nothing of it. */
const font = fileURLToPath(new URL("../chart/dejavu-sans.ttf", import.meta.url));

/** What the font has signs for: the scripts of Europe, and signs of common use. */
const covered = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Common}\p{Script=Inherited}]*$/u;

/** The chart as a PNG file, of two dots for each of the options' pixels. Other scripts are shown where the machine has a font of them. */
export async function drawPng(chart: Chart, options: PictureOptions = {}): Promise<Uint8Array> {
  const { Resvg } = await import("@resvg/resvg-js");
  const svg = await drawSvg(chart, options);
  // A font that is missing is passed over.
  await access(font);
  const picture = new Resvg(svg, {
    fitTo: { mode: "zoom", value: 2 },
    font: {
      fontFiles: [font],
      defaultFontFamily: "DejaVu Sans",
      sansSerifFamily: "DejaVu Sans",
      // Which takes a tenth of a second or more.
      loadSystemFonts: !covered.test(svg),
    },
  });
  return picture.render().asPng();
}
