import type { InterfaceDeclaration } from "./declaration.js";

/** What a field's or parameter's JSON value can be, with every name resolved. */
export type Shape =
  | {
      readonly kind: "string";
      readonly enumValues: readonly string[] | undefined;
      /** True for an enum that the SDK does not mark as open: it has no `OtherString` among its words. */
      readonly closed: boolean;
    }
  | { readonly kind: "number"; readonly words: readonly string[] }
  | { readonly kind: "integer" }
  | { readonly kind: "decimal" }
  | { readonly kind: "boolean" }
  /** An id that Stripe replaces by the object where it is expanded. */
  | { readonly kind: "expandable"; readonly targets: readonly InterfaceDeclaration[] }
  /** One structure, or the several that a union allows. */
  | { readonly kind: "object"; readonly alternatives: readonly ObjectType[] }
  /** A number, or bounds for it: gt, gte, lt, lte. */
  | { readonly kind: "range"; readonly of: "number" | "string" }
  | { readonly kind: "array"; readonly element: Shape }
  | { readonly kind: "map" }
  | { readonly kind: "list"; readonly element: Shape }
  | { readonly kind: "any" };

/** An object type. Its fields are resolved when asked for, since types may contain themselves. */
export interface ObjectType {
  /** Undefined for a type written in place. */
  readonly declaration: InterfaceDeclaration | undefined;
  /** True for an API resource: an object with an `object` field that names its kind. */
  readonly isResource: boolean;
  readonly hasId: boolean;
  readonly fields: () => readonly Field[];
}

export interface Field {
  readonly name: string;
  readonly shape: Shape;
  readonly nullable: boolean;
  readonly optional: boolean;
  readonly documentation: string;
}
