import type { LoggerInterface } from "vega";
import type { Chart } from "./chart.js";
import type { Look } from "./vega-spec.js";
import { vegaSpec } from "./vega-spec.js";

export interface PictureOptions {
  /** Pixels, default 800. */
  readonly width?: number;
  /** Pixels, default 450. */
  readonly height?: number;
  /** Default "light". */
  readonly theme?: Look["theme"];
  /** A colour of CSS, or "transparent". Default: the theme's. */
  readonly background?: string;
}

/** The chart as the text of an SVG document, drawn in this process: no file or address is read for it. */
export async function drawSvg(chart: Chart, options: PictureOptions = {}): Promise<string> {
  const { width = 800, height = 450, theme = "light", background } = options;
  // Loaded with the first picture: it is a megabyte.
  const { compile, parse, resetSVGDefIds, View } = await import("./vega-library.js");
  const { spec } = compile(vegaSpec(chart, { width, height, theme, background }));
  const failures: unknown[] = [];
  const view = new View(parse(spec), { renderer: "none", loader: noLoader, logger: failureLogger(failures) });
  try {
    // What a legend's colours are called by is counted through the process: the same chart is to be the same text.
    resetSVGDefIds();
    const svg = await view.toSVG();
    if (failures.length > 0) throw failures[0];
    return `${svg.replace(noXml, "\ufffd")}\n`;
  } finally {
    view.finalize();
  }
}

/** Characters that no document of XML may hold, however they are written. */
const noXml = /[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu;

/** Vega logs what fails, and draws the rest. */
function failureLogger(failures: unknown[]): LoggerInterface {
  const logger: LoggerInterface = {
    level: (() => 0) as LoggerInterface["level"],
    error: (...failure) => {
      failures.push(failure.find((part) => part instanceof Error) ?? new Error(failure.join(" ")));
      return logger;
    },
    ...{ warn: () => logger, info: () => logger, debug: () => logger },
  };
  return logger;
}

const refuse = (uri: string): Promise<never> => Promise.reject(new Error(`a chart loads nothing, "${uri}" neither`));

const noLoader = { load: refuse, sanitize: refuse, http: refuse, file: refuse };
