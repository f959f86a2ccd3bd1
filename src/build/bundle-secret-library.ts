import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { OutputChunk } from "rolldown";
import { rolldown } from "rolldown";

const module = new URL("../stripe/secret/secret-library.js", import.meta.url);
const bundled = new URL("../stripe/secret/secret-library.cjs", import.meta.url);

/** As the packages are CommonJS, and find files of theirs as that does. */
const wrapper = `import library from "./secret-library.cjs";

export const { SecretManagerServiceClient, googleAuthLibrary, grpc } = library;
`;

/** Makes the module that loads Google's packages one that holds what is used of them: 2 of 38 MB. */
export async function bundleSecretLibrary(): Promise<readonly OutputChunk[]> {
  const bundle = await rolldown({ input: fileURLToPath(module), platform: "node" });
  const { output } = await bundle.write({
    file: fileURLToPath(bundled),
    format: "cjs",
    codeSplitting: false,
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
  });
  await bundle.close();
  await writeFile(module, wrapper);
  return output.flatMap((file) => (file.type === "chunk" ? [file] : []));
}
