import { copyFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { OutputChunk } from "rolldown";
import { rolldown } from "rolldown";

const module = new URL("../chart/vega-library.js", import.meta.url);
const bundled = new URL("../chart/vega-bundle.js", import.meta.url);

/** One font for what is drawn where no browser is: see chart/draw-png.ts. */
export const fontFile = createRequire(import.meta.url).resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf");

/** Makes the module that loads Vega's packages one that holds what is used of them, and lays the pictures' font beside it. */
export async function bundleVega(): Promise<readonly OutputChunk[]> {
  const bundle = await rolldown({ input: fileURLToPath(module), platform: "node" });
  const { output } = await bundle.write({
    file: fileURLToPath(bundled),
    format: "esm",
    codeSplitting: false,
    minify: true,
  });
  await bundle.close();
  await writeFile(module, 'export * from "./vega-bundle.js";\n');
  await copyFile(fontFile, new URL("../chart/dejavu-sans.ttf", import.meta.url));
  return output.flatMap((file) => (file.type === "chunk" ? [file] : []));
}
