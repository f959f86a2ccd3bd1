import type {
  AliasDeclaration,
  ClassDeclaration,
  InterfaceDeclaration,
  ModuleDeclarations,
  Scope,
} from "./declaration.js";
import type { SdkSource } from "./sdk-source.js";

/** What a type's name stands for. */
export type NamedDeclaration =
  | { readonly kind: "interface"; readonly declaration: InterfaceDeclaration }
  | { readonly kind: "alias"; readonly declaration: AliasDeclaration }
  | { readonly kind: "class"; readonly declaration: ClassDeclaration };

/**
 * Finds a declaration as TypeScript would: in the namespaces around the name from the inside out, then among
 * the module's imports. Undefined for names from outside the SDK's modules.
 */
export function resolveName(source: SdkSource, scope: Scope, name: string): NamedDeclaration | undefined {
  const module = source.declarations(scope.module);
  for (let namespace = scope.namespace; ; namespace = outerNamespace(namespace)) {
    const found = localDeclaration(module, namespace === "" ? name : `${namespace}.${name}`);
    if (found !== undefined) return found;
    if (namespace === "") return resolveImport(source, module, name);
  }
}

function outerNamespace(namespace: string): string {
  return namespace.includes(".") ? namespace.slice(0, namespace.lastIndexOf(".")) : "";
}

function localDeclaration(module: ModuleDeclarations, name: string): NamedDeclaration | undefined {
  const declaration = module.interfaces.get(name);
  if (declaration !== undefined) return { kind: "interface", declaration };
  const alias = module.aliases.get(name);
  if (alias !== undefined) return { kind: "alias", declaration: alias };
  const classDeclaration = module.classes.get(name);
  return classDeclaration === undefined ? undefined : { kind: "class", declaration: classDeclaration };
}

function resolveImport(source: SdkSource, module: ModuleDeclarations, name: string): NamedDeclaration | undefined {
  const [head = "", ...rest] = name.split(".");
  const imported = module.imports.get(head);
  if (imported === undefined) return undefined;
  const target = { module: imported.module, namespace: "" };
  if (imported.name === "*") return resolveName(source, target, rest.join("."));
  const found = resolveName(source, target, [imported.name, ...rest].join("."));
  // `Issuing.Card` where Issuing is a namespace of its own index module: its members are that module's exports.
  return found ?? (rest.length > 0 ? resolveName(source, target, rest.join(".")) : undefined);
}
