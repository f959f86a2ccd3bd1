/** A query in Stripe's Search language. Source: https://docs.stripe.com/search#search-query-language */
export interface SearchQuery {
  /** Clauses are joined by one of the two throughout. */
  readonly kind: "and" | "or";
  readonly clauses: readonly SearchClause[];
}

export interface SearchClause {
  readonly negated: boolean;
  /** "email", "billing_details.address.country"; "metadata" with a key. */
  readonly field: string;
  readonly key: string | undefined;
  readonly match: SearchMatch;
  /** Of the field, in the query. */
  readonly position: number;
}

export type SearchMatch =
  /** `field:null` */
  | { readonly operator: "null" }
  | { readonly operator: ":" | "~" | ">" | ">=" | "<" | "<="; readonly value: SearchValue };

export interface SearchValue {
  readonly type: "string" | "number" | "boolean";
  readonly text: string;
}
