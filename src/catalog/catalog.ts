import type { SqlType } from "../value/sql-type.js";

/** How a statement spells names: `PaymentIntent.AmountReceived`, or Stripe's `payment_intents.amount_received`. */
export type Naming = "sql" | "stripe";

/** The schema metadata of one Stripe SDK version; what plan, execute and the sandbox read. */
export interface Catalog {
  /** Version of the stripe package that the metadata was compiled from, "23.1.0". */
  readonly sdkVersion: string;
  /** Stripe's API version, "2026-10-28.endive". */
  readonly apiVersion: string;
  /** All tables by schema and name; definitions are read from SQLite when first asked for. */
  tables(): readonly Table[];
  /** Names only, cheap: for completion and suggestions. */
  tableNames(): readonly TableName[];
  /** Case-insensitive; SQL's spelling, or Stripe's in singular or plural. Schema "v2" or "stripe" (the default). */
  findTable(name: string, schema?: string): TableMatch | undefined;
  procedures(): readonly Procedure[];
  procedureNames(): readonly string[];
  /** Case-insensitive. */
  findProcedure(name: string): Procedure | undefined;
  close(): void;
}

export interface TableName {
  readonly schema: SchemaName;
  readonly name: string;
  readonly stripeName: string;
}

export interface TableMatch {
  readonly table: Table;
  readonly naming: Naming;
}

export type SchemaName = "stripe" | "v2";

/** A virtual table: what one of Stripe's list methods returns. */
export interface Table extends TableName {
  /** `Customer`; unique within its schema, case-insensitively. */
  readonly name: string;
  /** `customer`: Stripe's singular spelling. */
  readonly stripeName: string;
  /** `customers`: Stripe's plural spelling. */
  readonly stripePlural: string;
  readonly schema: SchemaName;
  /** Stripe's `object` value of its rows ("customer"), where the declarations state one. */
  readonly objectType: string | undefined;
  readonly description: string;
  /** In the declaration's order; the hidden `_json` last. */
  readonly columns: readonly Column[];
  /** Columns usable in WHERE only. `AccountId` everywhere, `SearchQuery` where Stripe searches. */
  readonly pseudoColumns: readonly PseudoColumn[];
  /** Name of the column that identifies a row ("Id"); undefined for rows without identity. */
  readonly primaryKey: string | undefined;
  /**
   * Names of the columns that tell rows apart: the key, and the parents' where rows are listed by parent alone, as
   * their ids may be unique within one only. Empty where the account has but one row.
   */
  readonly identity: readonly string[];
  /** Ways to list rows, the one over the whole account first; nested lists after it. */
  readonly lists: readonly ListEndpoint[];
  readonly retrieve: RetrieveEndpoint | undefined;
  readonly search: SearchEndpoint | undefined;
  readonly create: WriteEndpoint | undefined;
  readonly update: WriteEndpoint | undefined;
  readonly delete: WriteEndpoint | undefined;
}

/** A field of a table's rows. */
export interface Column {
  readonly kind: "column";
  /** `AddressCity`. */
  readonly name: string;
  /** `address_city`. */
  readonly stripeName: string;
  /** Keys from the object to the value: ["address", "city"]; [] for `_json`. A parent's key that rows do not hold has path [] and `parentKey` true. */
  readonly path: readonly string[];
  readonly type: SqlType;
  readonly nullable: boolean;
  readonly description: string;
  /** True for `_json`: usable by name, never in `*`. */
  readonly hidden: boolean;
  /** True where the value is the key of the nested list's parent, filled in by the scan. */
  readonly parentKey: boolean;
  /** Shape of a JSON column's value. */
  readonly jsonShape: "object" | "array" | "map" | "list" | "any" | undefined;
  /** The values that the SDK knows. */
  readonly enumValues: readonly string[] | undefined;
  /** True where Stripe adds no value without a new API version; absent where it may, as nearly everywhere. */
  readonly closedEnum?: true | undefined;
  /** Name of the table that the id in this column belongs to, where it is one table. */
  readonly references: string | undefined;
  /**
   * Where the object of that id is to be had beside its id: "always" in its place, "on-request" by `expand`. Absent
   * where there is the id alone.
   */
  readonly expansion?: "always" | "on-request" | undefined;
  /** True where Stripe sends the field only if it is expanded ("not included by default"), or in API v2 included. */
  readonly includable: boolean;
  /** What is to be expanded or included for it, of an includable column: itself, or an object around it. */
  readonly includePath?: readonly string[] | undefined;
  /** Parameter names through which create or update set this column exist in those endpoints. */
  readonly creatable: boolean;
  readonly updatable: boolean;
}

/** A filter of Stripe's that no field of the rows is named after: usable in WHERE, and never returned. */
export interface PseudoColumn {
  readonly kind: "pseudo-column";
  readonly name: string;
  readonly stripeName: string;
  readonly type: SqlType;
  readonly description: string;
  readonly enumValues: readonly string[] | undefined;
  readonly closedEnum?: true | undefined;
}

export type HttpMethod = "GET" | "POST" | "DELETE";

/** A path template: "/v1/invoices/{invoice}/lines". */
export interface Endpoint {
  readonly method: HttpMethod;
  readonly path: string;
  /** Dotted SDK call, "invoices.listLineItems": for messages, EXPLAIN and documentation. */
  readonly sdkMethod: string;
  /** What the parameter `include` of a read takes, "configuration.customer"; absent where the call has none. */
  readonly includes?: readonly string[] | undefined;
  /** Which of Stripe's hosts answers: "files" for file contents. Default "api". */
  readonly apiBase: "api" | "files" | "connect" | "meter_events";
}

export type Pagination =
  /** limit and starting_after, `has_more` */
  | "cursor"
  /** API v2: limit and page, `next_page_url` */
  | "v2"
  /** search: limit and page, `next_page` */
  | "page"
  /** everything in one answer; no paging parameter is accepted */
  | "none";

export interface ListEndpoint extends Endpoint {
  readonly kind: "list";
  readonly pagination: Pagination | "singleton";
  /** For the path's placeholders: which column of this table holds each, and which table's key it is. */
  readonly parents: readonly ParentKey[];
  readonly filters: readonly Filter[];
  /** Sent unless a predicate sets the same parameter, so that the endpoint means its whole table: {status: "all"}. */
  readonly baseParameters: Readonly<Record<string, string>>;
  /**
   * Where no one request means the whole table: the table is the union of the lists with each of these added to
   * baseParameters, none of whose rows overlap ([{active: "true"}, {active: "false"}]). A predicate that sets one
   * of their parameters needs the one list alone. Absent where one request means it all.
   */
  readonly partitions?: readonly Readonly<Record<string, string>>[] | undefined;
  /** Newest first by the column `Created`, as Stripe's lists are; undefined where Stripe does not promise an order. */
  readonly order: "created-descending" | undefined;
  /** Where the parent embeds the first rows of this list: the key path in the parent's object (["lines"]). */
  readonly embeddedAt: readonly string[] | undefined;
  /** Where the parent's object holds them once it is asked to (`expand`), as their list gives them: ["line_items"]. */
  readonly expandableAt?: readonly string[] | undefined;
  /** For one-row tables whose rows are arrays of the one object: unused otherwise. */
  readonly maximumPageSize: number;
  /** Rows that it leaves out, whatever it is asked; absent where it is the whole table. */
  readonly omits?: readonly Omission[] | undefined;
}

/** Rows of its table that a list or search does not give. */
export type Omission =
  /** Objects that hang on a test clock, of which test accounts alone have any. */
  | {
      readonly kind: "on-test-clocks";
      /** Column of the row's own clock. */
      readonly column: string;
      /** Path of the list of clocks, "/v1/test_helpers/test_clocks". */
      readonly clocks: string;
      /** Parameter that gives one clock's rows; undefined where there is none. */
      readonly parameter: string | undefined;
      /** Parameters with any of which the rows are not left out. */
      readonly unless: readonly string[];
    }
  /** What holds a value in a column, or some of it: closed reviews, inline prices. */
  | {
      readonly kind: "unlisted";
      readonly column: string;
      readonly value: boolean;
      /** What is left out, where it is not all of that value: "inline prices". */
      readonly what: string | undefined;
    }
  /** What was created more than so many days ago. */
  | { readonly kind: "older"; readonly days: number }
  /** What was written moments ago: Stripe gives it later. */
  | { readonly kind: "recent" };

export interface ParentKey {
  /** "invoice" in "/v1/invoices/{invoice}/lines". */
  readonly placeholder: string;
  /** Column of this table that holds the parent's key. */
  readonly column: string;
  /** Name of the parent's table, in the same schema. */
  readonly table: string;
}

/** A list parameter that filters a column or is a pseudo-column. */
export interface Filter {
  /** "created", "customer_details[email]" */
  readonly parameter: string;
  /** Name of the column or pseudo-column it filters. */
  readonly column: string;
  readonly pseudo: boolean;
  /** Equality only, equality and gt/gte/lt/lte, or one of a list of values. */
  readonly operators: "equality" | "range" | "any-of";
  /** Values that the parameter accepts, where the declarations list them. */
  readonly enumValues: readonly string[] | undefined;
  readonly closedEnum?: true | undefined;
  /** False where Stripe matches more than SQL's equality would (case-insensitive codes, wildcards). */
  readonly exact: boolean;
  /** True where Stripe refuses to list without it. */
  readonly required: boolean;
  /** True where another parameter tests the same column: Stripe refuses the two together, so that this one is never sent. */
  readonly superseded?: true | undefined;
  /** Rows that Stripe gives at most where it is sent, however many match: it is never sent. */
  readonly atMost?: number | undefined;
  /** Parameters that Stripe demands along with this one: {"payment[type]": "payment_intent"}. */
  readonly companions?: Readonly<Record<string, string>> | undefined;
}

export interface RetrieveEndpoint extends Endpoint {
  /** Words that make another call of it in the place of the last key: "search". */
  readonly reserved?: readonly string[] | undefined;
  /** Placeholders in path order, each with the column that holds its value; the last is the primary key. */
  readonly keys: readonly ParentKey[];
}

export interface SearchEndpoint extends Endpoint {
  /** Fields of Stripe's Search query language for this resource, by column. */
  readonly fields: readonly SearchField[];
  /** Rows that it does not find yet. */
  readonly omits?: readonly Omission[] | undefined;
}

/** Source: https://docs.stripe.com/search#query-fields-for-resources */
export interface SearchField {
  readonly field: string;
  readonly column: string;
  readonly type: "string" | "token" | "numeric" | "metadata";
}

export interface WriteEndpoint extends Endpoint {
  /** Placeholders in path order, each with the column that holds its value. */
  readonly keys: readonly ParentKey[];
  readonly parameters: readonly Parameter[];
}

/** One input of a write or a procedure. */
export interface Parameter {
  /** `AddressCity`, or a procedure's `PaymentIntentId`. */
  readonly name: string;
  /** Keys in the request's body: ["address", "city"]; for a placeholder of the path, its name alone. */
  readonly path: readonly string[];
  readonly location: "path" | "body";
  /** JSON for objects and arrays. */
  readonly type: SqlType;
  readonly jsonShape: Column["jsonShape"];
  readonly required: boolean;
  /** True where the declarations say that an empty value unsets it. */
  readonly emptyable: boolean;
  readonly enumValues: readonly string[] | undefined;
  readonly closedEnum?: true | undefined;
  readonly description: string;
}

/** A call of Stripe's that is no plain list, retrieve, search, create, update or delete. */
export interface Procedure extends Endpoint {
  /** `ConfirmPaymentIntent`. */
  readonly name: string;
  readonly description: string;
  /** Required ones first, then in the declaration's order. */
  readonly parameters: readonly Parameter[];
  /** False for GET calls: allowed on a read-only connection. */
  readonly writes: boolean;
  readonly result: ProcedureResult;
}

export type ProcedureResult =
  /** One row of a table's columns. */
  | { readonly kind: "table"; readonly table: string; readonly schema: SchemaName }
  /** One row of an object that is no table's. */
  | { readonly kind: "object"; readonly columns: readonly Column[] }
  /** The rows of a list (all of them, paged). */
  | { readonly kind: "list"; readonly pagination: Pagination; readonly columns: readonly Column[] }
  /** A file's bytes (a quote's PDF): not representable as rows. */
  | { readonly kind: "stream" };
