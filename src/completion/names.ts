/** The names that statements may be completed with: what a connection's schema holds, by the spelling that is asked for. */
export interface CompletionNames {
  readonly relations: readonly RelationName[];
  /** Tables as Stripe spells them: "payment_intents". */
  stripeNames(): readonly string[];
  /** Case-insensitive; undefined where there is none. The spelling of the name decides that of its columns. */
  relation(name: string, schema: string | undefined): NamedRelation | undefined;
  readonly procedures: readonly string[];
  /** The inputs of a procedure, by any case of its name; none where there is no such procedure. */
  inputs(procedure: string): readonly CompletionColumn[];
}

export interface RelationName {
  readonly name: string;
  /** Where it has to be named with it: "v2". */
  readonly schema: string | undefined;
}

export interface NamedRelation {
  /** The name that references go by: "Customer", whatever was typed. */
  readonly table: string;
  readonly columns: readonly CompletionColumn[];
  /** What INSERT takes. */
  readonly insertable: readonly CompletionColumn[];
  /** What UPDATE takes. */
  readonly updatable: readonly CompletionColumn[];
}

/** A column or an input. */
export interface CompletionColumn {
  readonly name: string;
  /** As DESCRIBE shows it; undefined for a column of a query, whose type the text does not tell. */
  readonly type: string | undefined;
  /** What Stripe is known to give or to take. */
  readonly enumValues: readonly string[];
  readonly isBoolean: boolean;
  readonly references: { readonly table: string; readonly column: string } | undefined;
}
