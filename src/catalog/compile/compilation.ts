import type { InterfaceDeclaration } from "./declaration.js";
import { excludedMethods } from "./overrides.js";
import type { SdkMethod } from "./sdk-method.js";
import { readSdkMethods } from "./sdk-method.js";
import type { SdkSource } from "./sdk-source.js";
import type { Field } from "./shape.js";
import { ShapeResolver } from "./shape-resolver.js";
import { TableDrafts } from "./table-draft.js";

/** What the parts of one compilation share. */
export interface Compilation {
  readonly methods: readonly SdkMethod[];
  readonly resolver: ShapeResolver;
  readonly drafts: TableDrafts;
  /** The parameters that a method takes besides its path. */
  parametersOf(method: SdkMethod): readonly Field[];
  /** Name of the one table that ids of these types belong to. */
  referenceName(targets: readonly InterfaceDeclaration[]): string | undefined;
}

export function startCompilation(source: SdkSource): Compilation {
  const methods = readSdkMethods(source).filter((method) => !excludedMethods.has(method.sdkMethod));
  const resolver = new ShapeResolver(source);
  const drafts = new TableDrafts(source, resolver, methods);
  return {
    methods,
    resolver,
    drafts,
    parametersOf(method) {
      if (method.parameters === undefined) return [];
      const shape = resolver.shape(method.parameters, method.scope);
      return shape.kind === "object" ? shape.alternatives.flatMap((type) => type.fields()) : [];
    },
    referenceName: (targets) => drafts.tableOf(targets)?.name,
  };
}
