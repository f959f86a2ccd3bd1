/** A column as a statement names it. */
export interface NamedColumn {
  readonly qualifier: string | undefined;
  readonly column: string;
}

/** What may stand where the cursor is. */
export type Place =
  | { readonly kind: "statement" }
  /** Behind what is whole: words that may follow. */
  | { readonly kind: "continuation"; readonly words: readonly string[] }
  | { readonly kind: "relation" }
  /** What an expression begins with; `joins` where a join condition does. */
  | {
      readonly kind: "operand";
      readonly words: readonly string[];
      readonly joins: boolean;
      readonly beside: NamedColumn | undefined;
    }
  | { readonly kind: "qualified"; readonly qualifier: string }
  | { readonly kind: "schema"; readonly schema: string }
  | { readonly kind: "value"; readonly of: NamedColumn }
  | { readonly kind: "common-column" }
  | { readonly kind: "written-column"; readonly by: "insert" | "update"; readonly given: readonly string[] }
  | { readonly kind: "inserted-value"; readonly column: string }
  | { readonly kind: "procedure" }
  | { readonly kind: "input"; readonly procedure: string; readonly given: readonly string[] }
  | { readonly kind: "input-value"; readonly procedure: string; readonly input: string }
  | { readonly kind: "described" }
  | { readonly kind: "path" }
  | { readonly kind: "nothing" };

export const nothing: Place = { kind: "nothing" };
