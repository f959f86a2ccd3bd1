// Run by `npm run build` after the compiler: makes what the package holds besides the compiled modules.
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { shipCatalog } from "../store/open-catalog.js";
import { bundlePackages } from "./bundle-packages.js";
import { bundleProgram } from "./bundle-program.js";
import { bundleSecretLibrary } from "./bundle-secret-library.js";
import { bundleStudioPage } from "./bundle-studio-page.js";
import { bundleVega, fontFile } from "./bundle-vega.js";
import { licenseTexts } from "./license-texts.js";

const { resolve } = createRequire(import.meta.url);

const chunks = [
  ...(await bundlePackages()),
  ...(await bundleSecretLibrary()),
  ...(await bundleVega()),
  ...(await bundleProgram()),
  ...(await bundleStudioPage()),
];
const modules = [
  ...chunks.flatMap(({ moduleIds }) => moduleIds),
  // Bundled with the grammars, see grammar/bundle-select-parser.mjs.
  ...["node-sql-parser/build/postgresql.js", "big-integer"].map((name) => resolve(name)),
  fontFile,
];
await writeFile(new URL("../licenses.txt", import.meta.url), await licenseTexts(modules));
shipCatalog();
