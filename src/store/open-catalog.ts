import type { Catalog } from "../catalog/catalog.js";
import { compileCatalog } from "../catalog/compile/compile-catalog.js";
import { locateSdk } from "../catalog/compile/sdk-source.js";
import { SqliteCatalog } from "./sqlite-catalog.js";

/** Raised with every change of what a compilation yields, so that files of earlier versions are compiled anew. */
const compilerVersion = 19;

export interface OpenCatalogOptions {
  /** Folder of the compiled file. Default: `$XDG_CACHE_HOME/stripe-sql`, else `~/.cache/stripe-sql`. */
  readonly cachePath?: string | undefined;
  /** Told where the cache held no compiled file. */
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
 * The catalog of the installed Stripe SDK: compiled from its declarations once, read from the cache folder from
 * then on. Close it when done.
 */
export function openCatalog(options: OpenCatalogOptions = {}): Catalog {
  const { root, sdkVersion, apiVersion } = locateSdk();
  return new SqliteCatalog({
    cachePath: options.cachePath,
    origin: { sdkVersion, apiVersion, compilerVersion },
    onUnkept: options.onUnkept,
    compile: () => {
      options.onCompile?.();
      return compileCatalog(root);
    },
  });
}
