import { copyFile, mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { OutputChunk } from "rolldown";
import { rolldown } from "rolldown";

const source = fileURLToPath(new URL("../../src/studio/page/", import.meta.url));
const target = fileURLToPath(new URL("../studio/page/", import.meta.url));

/** Makes the studio's page of its modules: one script, which holds the editor, and one style sheet. */
export async function bundleStudioPage(): Promise<readonly OutputChunk[]> {
  const bundle = await rolldown({
    input: { page: `${source}main.tsx` },
    platform: "browser",
    tsconfig: `${source}tsconfig.json`,
  });
  const { output } = await bundle.write({ dir: target, format: "esm", entryFileNames: "page.js", minify: true });
  await bundle.close();
  await mkdir(target, { recursive: true });
  await copyFile(`${source}page.css`, `${target}page.css`);
  return output.flatMap((file) => (file.type === "chunk" ? [file] : []));
}
