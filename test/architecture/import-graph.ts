import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, sep } from "node:path";
import { parseSync, Visitor } from "oxc-parser";

/** How one module reaches another: at load, at run time by `import()`, or for its types alone. */
export type ImportKind = "static" | "dynamic" | "type";

export interface Import {
  /** Path below src with forward slashes, "plan/verdict.ts". */
  readonly from: string;
  /** The same for a module of this package; else the package or built-in as it is written. */
  readonly to: string;
  readonly internal: boolean;
  readonly kind: ImportKind;
}

export interface SourceModule {
  readonly path: string;
  readonly imports: readonly Import[];
  /** True where the module has an async function, an await or a Promise. */
  readonly isAsync: boolean;
}

/** Every hand-written module below a folder, with its imports. */
export function readModules(sourceFolder: string): readonly SourceModule[] {
  return readdirSync(sourceFolder, { recursive: true, encoding: "utf8" })
    .map((path) => path.split(sep).join(posix.sep))
    .filter((path) => path.endsWith(".ts") && !path.includes("/generated/"))
    .sort()
    .map((path) => readModule(sourceFolder, path));
}

function readModule(sourceFolder: string, path: string): SourceModule {
  return readSource(path, readFileSync(join(sourceFolder, path), "utf8"));
}

export function readSource(path: string, text: string): SourceModule {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const imports: Import[] = [];
  let isAsync = false;
  const add = (specifier: string, kind: ImportKind) => imports.push(resolveImport(path, specifier, kind));
  new Visitor({
    ImportDeclaration: (node) => void add(node.source.value, node.importKind === "type" ? "type" : "static"),
    ExportNamedDeclaration: (node) =>
      void (node.source && add(node.source.value, node.exportKind === "type" ? "type" : "static")),
    ExportAllDeclaration: (node) => void add(node.source.value, node.exportKind === "type" ? "type" : "static"),
    ImportExpression: (node) => {
      if (node.source.type === "Literal" && typeof node.source.value === "string") add(node.source.value, "dynamic");
    },
    TSImportType: (node) => void add(node.source.value, "type"),
    ArrowFunctionExpression: (node) => {
      isAsync ||= node.async;
    },
    FunctionExpression: (node) => {
      isAsync ||= node.async;
    },
    FunctionDeclaration: (node) => {
      isAsync ||= node.async;
    },
    NewExpression: (node) => {
      isAsync ||= node.callee.type === "Identifier" && node.callee.name === "Promise";
    },
  }).visit(program);
  return { path, imports, isAsync };
}

function resolveImport(from: string, specifier: string, kind: ImportKind): Import {
  if (!specifier.startsWith(".")) return { from, to: specifier, internal: false, kind };
  const to = posix.join(dirname(from), specifier).replace(/\.js$/, ".ts");
  return { from, to: relative(".", to).split(sep).join(posix.sep), internal: true, kind };
}

/** Chains of modules that need each other, "a.ts -> b.ts -> a.ts", be it for types alone; `import()` does not count. */
export function importCycles(modules: readonly SourceModule[]): readonly string[] {
  const targets = new Map(modules.map((module) => [module.path, staticTargets(module)]));
  const finished = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) cycles.push([...trail.slice(start), path].join(" -> "));
    if (start >= 0 || finished.has(path)) return;
    for (const target of targets.get(path) ?? []) visit(target, [...trail, path]);
    finished.add(path);
  };
  for (const module of modules) visit(module.path, []);
  return cycles;
}

function staticTargets(module: SourceModule): readonly string[] {
  return module.imports.filter((one) => one.internal && one.kind !== "dynamic").map((one) => one.to);
}
