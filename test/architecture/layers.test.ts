import { builtinModules } from "node:module";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Import, SourceModule } from "./import-graph.js";
import { importCycles, readModules, readSource } from "./import-graph.js";

/** What a layer may import: other layers, rooms of them ("plan/filter") or modules ("stripe/clock.ts"). */
interface Layer {
  /** What it may load. */
  readonly runtime: readonly string[];
  /** What it may know the types of only. */
  readonly types?: readonly string[];
  /** What it may load by `import()` only. */
  readonly dynamic?: readonly string[];
  /** Pure layers: no node built-ins, nothing async. */
  readonly pure?: true;
}

/** Of what stands below the driver, the surfaces over it may use what is pure. */
const belowSurfaces = ["driver", "error", "value", "syntax", "plan/filter"];

const belowDriver = ["error", "value", "syntax", "catalog", "completion", "plan", "stripe", "store", "execute"];

const layers: Readonly<Record<string, Layer>> = {
  error: { runtime: [], pure: true },
  value: { runtime: ["error"], pure: true },
  protocol: { runtime: ["error"], pure: true },
  syntax: { runtime: ["value", "error"], pure: true },
  catalog: { runtime: ["value", "error"] },
  completion: { runtime: ["syntax"], pure: true },
  plan: { runtime: ["syntax", "catalog", "value", "error"], pure: true },
  stripe: { runtime: ["value", "error"], types: ["catalog"] },
  store: { runtime: ["catalog", "value", "error"] },
  execute: {
    runtime: [
      ...["plan", "catalog", "stripe", "protocol", "value", "error"],
      ...["syntax/text-bounds.ts", "syntax/postgres/text-offsets.ts", "store/spill-folder.ts"],
    ],
    types: ["syntax"],
  },
  sandbox: { runtime: ["catalog", "syntax", "value", "error"] },
  driver: { runtime: belowDriver, types: ["sandbox"], dynamic: ["sandbox"] },
  output: { runtime: ["value"], types: ["driver"] },
  connector: { runtime: [...belowSurfaces, "stripe/rate", "stripe/clock.ts"], types: ["catalog"] },
  conformance: { runtime: ["driver", "catalog", "error", "value"], types: ["stripe"] },
  gateway: {
    runtime: [
      ...belowSurfaces,
      "protocol",
      // Statements run on the local PostgreSQL as clients sent them, and its messages go out as they are.
      ...["execute/postgres", "execute/row-source.ts", "store/kept-bytes.ts"],
      ...["catalog/postgres-naming.ts", "catalog/metrics"],
      ...["stripe/is-loopback.ts", "stripe/linked-abort.ts", "stripe/canceled-error.ts", "stripe/secret"],
    ],
    types: ["catalog", "execute/engine", "stripe/rate"],
  },
  chart: { runtime: ["value", "error"], types: ["driver"] },
  // Its page is of this layer too, though it runs in a browser: it shares types with its server alone.
  studio: { runtime: ["driver", "output", "chart", "error", "value", "syntax", "execute/postgres/unlisted-file.ts"] },
  repl: {
    runtime: [...belowSurfaces, "output", "chart", "stripe/is-loopback.ts"],
    types: ["connector", "conformance", "gateway", "studio"],
    dynamic: ["connector", "conformance", "gateway", "studio"],
  },
  build: { runtime: ["store"] },
  "index.ts": { runtime: ["driver", "connector", "gateway", "error", "value"] },
};

const modules = readModules(fileURLToPath(new URL("../../src", import.meta.url)));

describe("the house", () => {
  it("has no module outside its layers", () => {
    const strangers = modules.map(({ path }) => path).filter((path) => layers[layerOf(path)] === undefined);
    expect(strangers).toEqual([]);
  });

  it.each(Object.keys(layers))("lets %s import only what stands below it", (layer) => {
    const wrong = modulesOf(layer).flatMap((module) => module.imports.filter((one) => !isAllowed(one)));
    expect(wrong.map(printImport)).toEqual([]);
  });

  it.each(Object.keys(layers).filter((name) => layers[name]?.pure))(
    "keeps %s free of node built-ins and async code",
    (layer) => {
      const builtins = modulesOf(layer).flatMap(({ imports }) => imports.filter((one) => isBuiltin(one.to)));
      expect(builtins.map(printImport)).toEqual([]);
      expect(modulesOf(layer).filter(({ isAsync }) => isAsync)).toEqual([]);
    },
  );

  it("has no modules that need each other in a circle, for types neither", () => {
    expect(importCycles(modules)).toEqual([]);
  });

  it("starts its command line without loading the driver", () => {
    const loaded = reachable("repl/main.ts");
    expect([...loaded].filter((path) => path.startsWith("driver/"))).toEqual([]);
  });

  it.each(["repl/run-query.ts", "driver/connect.ts", "stripe/open-stripe-client.ts", "sandbox/start-sandbox.ts"])(
    "lets %s be loaded without the local engine",
    (start) => {
      const loaded = reachable(start);
      const packages = modules.filter(({ path }) => loaded.has(path)).flatMap(loadedPackages);
      expect(packages.filter((name) => name.startsWith("@duckdb/"))).toEqual([]);
    },
  );
});

describe("the reading of imports", () => {
  it("tells loads, dynamic loads and types apart", () => {
    const text = `
      import { a } from "./a.js";
      import type { B } from "../value/b.js";
      export * from "node:fs";
      export type { C } from "./c.js";
      const d = await import("./d.js");
      let e: import("./e.js").E;
    `;
    expect(readSource("plan/x.ts", text).imports.map(printImport)).toEqual([
      "plan/x.ts -> plan/a.ts (static)",
      "plan/x.ts -> value/b.ts (type)",
      "plan/x.ts -> node:fs (static)",
      "plan/x.ts -> plan/c.ts (type)",
      "plan/x.ts -> plan/d.ts (dynamic)",
      "plan/x.ts -> plan/e.ts (type)",
    ]);
  });

  it("sees async code", () => {
    expect(readSource("plan/x.ts", "export const f = async () => 1;").isAsync).toBe(true);
    expect(readSource("plan/x.ts", "export const f = () => new Promise(() => {});").isAsync).toBe(true);
    expect(readSource("plan/x.ts", "export const f = () => 1;").isAsync).toBe(false);
  });

  it("finds a circle", () => {
    const circle = [
      readSource("a.ts", 'import { b } from "./b.js"; export const a = b;'),
      readSource("b.ts", 'import type { A } from "./a.js"; export const b = 1;'),
    ];
    expect(importCycles(circle)).toEqual(["a.ts -> b.ts -> a.ts"]);
  });

  it("lets a room of a layer be imported without the layer", () => {
    const imported = (to: string): Import => ({ from: "connector/x.ts", to, internal: true, kind: "static" });
    expect(isAllowed(imported("plan/filter/filter-condition.ts"))).toBe(true);
    expect(isAllowed(imported("stripe/clock.ts"))).toBe(true);
    expect(isAllowed(imported("plan/explain.ts"))).toBe(false);
    expect(isAllowed(imported("stripe/pager.ts"))).toBe(false);
  });
});

function loadedPackages({ imports }: SourceModule): readonly string[] {
  return imports.filter((one) => !one.internal && one.kind === "static").map(({ to }) => to);
}

function layerOf(path: string): string {
  return path.split("/")[0] ?? path;
}

function modulesOf(layer: string): readonly SourceModule[] {
  return modules.filter(({ path }) => layerOf(path) === layer);
}

function isAllowed(one: Import): boolean {
  const from = layerOf(one.from);
  const layer = layers[from];
  if (!one.internal || from === layerOf(one.to) || layer === undefined) return true;
  const isAmong = (places: readonly string[] = []) =>
    places.some((place) => one.to === place || one.to.startsWith(`${place}/`));
  if (isAmong(layer.runtime)) return true;
  if (one.kind === "type") return isAmong(layer.types);
  return one.kind === "dynamic" && isAmong(layer.dynamic);
}

function isBuiltin(specifier: string): boolean {
  return specifier.startsWith("node:") || builtinModules.includes(specifier);
}

function printImport(one: Import): string {
  return `${one.from} -> ${one.to} (${one.kind})`;
}

/** What loading a module loads with it. */
function reachable(start: string): ReadonlySet<string> {
  const found = new Set<string>([start]);
  for (const path of found) {
    const imports = modules.find((module) => module.path === path)?.imports ?? [];
    for (const one of imports) if (one.internal && one.kind === "static") found.add(one.to);
  }
  return found;
}
