import { fileURLToPath } from "node:url";
import type { Catalog } from "../catalog/catalog.js";
import { compileCatalog } from "../catalog/compile/compile-catalog.js";
import { locateSdk } from "../catalog/compile/sdk-source.js";
import { writeShippedFile } from "./catalog-file.js";
import { SqliteCatalog } from "./sqlite-catalog.js";

/** Raised with every change of what a compilation yields, so that files of earlier versions are compiled anew. */
const compilerVersion = 20;

/** Beside the compiled modules; where these are run as they were written, there is none. */
const shippedFile = fileURLToPath(new URL("../catalog.sqlite", import.meta.url));

export interface OpenCatalogOptions {
  /** Folder of the compiled file. Default: `$XDG_CACHE_HOME/stripe-sql`, else `~/.cache/stripe-sql`. */
  readonly cachePath?: string | undefined;
  /** Told where neither the package nor the cache held a compiled file. */
  readonly onCompile?: (() => void) | undefined;
  /** Told where the folder cannot be written, so that each start compiles anew. */
  readonly onUnkept?: ((folder: string, error: NodeJS.ErrnoException) => void) | undefined;
}

/** Names what a catalog that is opened now was compiled from and by, for files that are made of it. */
export function catalogVersion(): string {
  const { sdkVersion, apiVersion } = locateSdk();
  return `${sdkVersion}-${apiVersion}-${compilerVersion}`;
}

/**
 * The catalog of the installed Stripe SDK. That of the SDK which the package was built with came with it; of another,
 * it is compiled from the declarations once, and read from the cache folder from then on. Close it when done.
 */
export function openCatalog(options: OpenCatalogOptions = {}): Catalog {
  const { root, sdkVersion, apiVersion } = locateSdk();
  return new SqliteCatalog({
    shipped: shippedFile,
    cachePath: options.cachePath,
    origin: { sdkVersion, apiVersion, compilerVersion },
    onUnkept: options.onUnkept,
    compile: () => {
      options.onCompile?.();
      return compileCatalog(root);
    },
  });
}

/** Compiles the file that goes with the package. */
export function shipCatalog(): void {
  const { root, sdkVersion, apiVersion } = locateSdk();
  writeShippedFile(shippedFile, {
    origin: { sdkVersion, apiVersion, compilerVersion },
    compile: () => compileCatalog(root),
  });
}
