import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { ModuleDeclarations } from "./declaration.js";
import { readDeclarations } from "./declaration-reader.js";
import type { HttpCall } from "./http-call-reader.js";
import { readHttpCalls } from "./http-call-reader.js";

/** Where the installed SDK lies and which versions it states; cheap, read on every start. */
export interface SdkLocation {
  readonly root: string;
  readonly sdkVersion: string;
  readonly apiVersion: string;
}

/** The SDK's files, read as needed. */
export interface SdkSource {
  declarations(module: string): ModuleDeclarations;
  httpCalls(module: string): ReadonlyMap<string, HttpCall>;
}

/** The package's main file lies one folder below its root; the root itself is not among its exports. */
export function locateSdk(): SdkLocation {
  const packageRoot = join(dirname(createRequire(import.meta.url).resolve("stripe")), "..");
  const root = join(packageRoot, "esm");
  return {
    root,
    sdkVersion: firstGroup(join(packageRoot, "package.json"), /"version":\s*"([^"]+)"/),
    apiVersion: firstGroup(join(root, "apiVersion.js"), /ApiVersion = '([^']+)'/),
  };
}

function firstGroup(file: string, pattern: RegExp): string {
  const found = pattern.exec(readFileSync(file, "utf8"))?.[1];
  if (found === undefined) throw new Error(`${file} does not state a version`);
  return found;
}

export function openSdkSource(root: string): SdkSource {
  const declarations = new Map<string, ModuleDeclarations>();
  return {
    declarations(module) {
      const known = declarations.get(module);
      if (known !== undefined) return known;
      const read = readDeclarations(module, readFileSync(join(root, `${module}.d.ts`), "utf8"));
      declarations.set(module, read);
      return read;
    },
    httpCalls: (module) => readHttpCalls(module, readFileSync(join(root, `${module}.js`), "utf8")),
  };
}
