/** What the SDK's declaration files say, freed of syntax: the input of every other part of the compiler. */
export type TypeExpression =
  | { readonly kind: "primitive"; readonly name: PrimitiveName }
  | { readonly kind: "literal"; readonly value: string | number | boolean }
  | { readonly kind: "array"; readonly element: TypeExpression }
  | { readonly kind: "map" }
  | { readonly kind: "object"; readonly members: readonly Member[] }
  | { readonly kind: "union"; readonly members: readonly TypeExpression[] }
  | { readonly kind: "reference"; readonly name: string; readonly arguments: readonly TypeExpression[] };

export type PrimitiveName = "string" | "number" | "bigint" | "boolean" | "null" | "unknown";

/** A property of an interface. */
export interface Member {
  readonly name: string;
  readonly type: TypeExpression;
  readonly optional: boolean;
  readonly documentation: string;
}

/** Where a name is written, which decides what it means: a module and the namespaces around it. */
export interface Scope {
  /** Path below the SDK's root without its extension: "resources/Billing/Meters". */
  readonly module: string;
  /** Dotted namespaces, "" at the top: "TestHelpers.Issuing". */
  readonly namespace: string;
}

export interface InterfaceDeclaration {
  /** Dotted: "Invoice.AutomaticTax". */
  readonly name: string;
  /** Scope in which the members' types are resolved. */
  readonly scope: Scope;
  readonly documentation: string;
  readonly bases: readonly string[];
  readonly members: readonly Member[];
}

export interface AliasDeclaration {
  readonly name: string;
  readonly scope: Scope;
  readonly type: TypeExpression;
}

export interface MethodDeclaration {
  readonly name: string;
  readonly documentation: string;
  readonly parameters: readonly { readonly name: string; readonly type: TypeExpression }[];
  readonly returns: TypeExpression;
}

export interface ClassDeclaration {
  readonly name: string;
  readonly module: string;
  readonly base: string | undefined;
  /** Properties whose type is a named one: the SDK's tree of resources. */
  readonly properties: readonly { readonly name: string; readonly typeName: string }[];
  /** Overloads follow each other under the same name. */
  readonly methods: readonly MethodDeclaration[];
}

/** A name that a module takes from another: the one exported name, or "*" for all of them. */
export interface ImportedName {
  readonly module: string;
  readonly name: string;
}

export interface ModuleDeclarations {
  readonly module: string;
  readonly interfaces: ReadonlyMap<string, InterfaceDeclaration>;
  readonly aliases: ReadonlyMap<string, AliasDeclaration>;
  readonly classes: ReadonlyMap<string, ClassDeclaration>;
  readonly imports: ReadonlyMap<string, ImportedName>;
}
