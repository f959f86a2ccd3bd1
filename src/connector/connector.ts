import type { WriteRecord } from "../driver/write-record.js";
import type { Json, JsonObject } from "../value/json.js";

/**
 * Stripe as an integration sees it: entities with List, Get, Create, Update and Delete, actions, and their schemas.
 * Inputs and outputs have the names that Google Cloud's connector tasks give them; everything is plain JSON.
 * Every failure is a StripeSqlError.
 * Source: https://cloud.google.com/integration-connectors/docs/connectors/stripe/configure
 */
export interface Connector {
  listEntities(input: ListEntitiesInput, options?: CallOptions): Promise<ListEntitiesOutput>;
  /** SQLSTATE 02000 where there is no such entity. */
  getEntity(input: GetEntityInput, options?: CallOptions): Promise<GetEntityOutput>;
  createEntity(input: CreateEntityInput, options?: CallOptions): Promise<WriteEntityOutput>;
  /** Fields that are not named stay as they are. */
  updateEntity(input: UpdateEntityInput, options?: CallOptions): Promise<WriteEntityOutput>;
  deleteEntity(input: DeleteEntityInput, options?: CallOptions): Promise<DeleteEntityOutput>;
  executeAction(input: ExecuteActionInput, options?: CallOptions): Promise<ExecuteActionOutput>;
  executeSqlQuery(input: ExecuteSqlQueryInput, options?: CallOptions): Promise<ExecuteSqlQueryOutput>;
  listEntityTypes(input?: PageInput): Promise<ListEntityTypesOutput>;
  getEntityType(input: { readonly entity: string }): Promise<EntityType>;
  listActions(input?: PageInput): Promise<ListActionsOutput>;
  getAction(input: { readonly action: string }): Promise<Action>;
  listTools(input?: PageInput): Promise<ListToolsOutput>;
  executeTool(input: ExecuteToolInput, options?: CallOptions): Promise<ExecuteToolOutput>;
  /** Asks Stripe; a connection that does not work is told as a state, never as a failure. */
  checkStatus(input?: Readonly<Record<string, never>>, options?: CallOptions): Promise<ConnectionStatus>;
  checkReadiness(): Promise<ConnectionReadiness>;
  close(): Promise<void>;
}

/** What a call can be made by name: its input and output are plain JSON, so that it can be made in another process. */
export type ConnectorMethod = Exclude<keyof Connector, "close">;

export interface CallOptions {
  /** Ends the call with SQLSTATE 57014. */
  readonly signal?: AbortSignal | undefined;
  /** A write that is called again under the same key, because its answer was lost, is carried out once. */
  readonly idempotencyKey?: string | undefined;
  /** Told of a call that sent a write, once it has ended, however it did: for an audit log. It must not throw. */
  readonly onWrite?: ((write: WriteRecord) => void) | undefined;
  /** Who calls, as the connection's audit log names them. Default the system's user that the program runs as. */
  readonly caller?: string | undefined;
}

/**
 * Values by column ("AddressCity"): times as ISO 8601, BIGINT past 2^53 and DECIMAL as text, objects and lists as they
 * are. Those of an input may be named in Stripe's way too ("address_city"), give times as Unix seconds, and hold an
 * AccountId: the Connect account to act as.
 */
export type EntityFields = JsonObject;

export interface ListEntitiesInput {
  /** "Customer"; of API v2, "v2.Account". */
  readonly entity: string;
  /** `Email = 'a@example.com' AND Balance < 0`; grammar/README.md tells its language. */
  readonly filterClause?: string | undefined;
  /** 1 to 200. Default 25. */
  readonly listEntitiesPageSize?: number | undefined;
  /** The `listEntitiesNextPageToken` of the page before, with the same other inputs. */
  readonly listEntitiesPageToken?: string | undefined;
  /** "Created", "Created DESC". Default: Stripe's own order. */
  readonly listEntitiesSortByColumns?: readonly string[] | undefined;
}

export interface ListEntitiesOutput {
  readonly connectorOutputPayload: readonly EntityFields[];
  /** Null at the end. */
  readonly listEntitiesNextPageToken: string | null;
}

export interface GetEntityInput {
  readonly entity: string;
  readonly entityId: string;
}

export interface GetEntityOutput {
  readonly connectorOutputPayload: EntityFields;
}

export interface CreateEntityInput {
  readonly entity: string;
  readonly connectorInputPayload: EntityFields;
}

/** Either `entityId` or `filterClause`; an empty filter clause is refused, never all. */
export interface UpdateEntityInput {
  readonly entity: string;
  readonly connectorInputPayload: EntityFields;
  readonly entityId?: string;
  readonly filterClause?: string;
}

export interface WriteEntityOutput {
  /** `{"Id": "cus_1"}`; where a filter clause matched several, of the first; `{}` where it matched none. */
  readonly connectorOutputPayload: EntityFields;
  /** Ids of all that were written; for a filter clause only. */
  readonly entityIds?: readonly string[];
}

export interface DeleteEntityInput {
  readonly entity: string;
  readonly entityId?: string;
  readonly filterClause?: string;
}

export interface DeleteEntityOutput {
  /** Ids of all that were deleted; for a filter clause only. */
  readonly entityIds?: readonly string[];
}

export interface ExecuteActionInput {
  /** "AcceptQuote" */
  readonly action: string;
  readonly connectorInputPayload: EntityFields;
}

/** One flat object: Stripe's names joined by dots, every value a text or null. */
export type ActionResult = { readonly [name: string]: string | null };

export interface ExecuteActionOutput {
  readonly connectorOutputPayload: readonly ActionResult[];
}

export interface ExecuteSqlQueryInput {
  readonly query: string;
  /** Default 25. A result that is cut says so in `metadata`. */
  readonly maxRows?: number | undefined;
  /** In seconds. Default 180. */
  readonly timeout?: number | undefined;
  readonly queryParameters?: readonly SqlQueryParameter[] | undefined;
  /** The `nextPageToken` of the page before, with the same query and parameters. */
  readonly pageToken?: string | undefined;
}

export interface SqlQueryParameter {
  /** "VARCHAR", "BIGINT", "DOUBLE", "DECIMAL", "BOOLEAN", "TIMESTAMP_WITH_TIMEZONE", …; default VARCHAR. */
  readonly dataType?: string | undefined;
  readonly value: string | null;
}

export interface ExecuteSqlQueryOutput {
  readonly results: readonly EntityFields[];
  readonly metadata: {
    /** Only where maxRows, or the size that an answer may have, cut the result. */
    readonly truncated?: true;
    /**
     * For what follows a result that was cut; a write has none. The statement runs again for it: where its first rows are
     * not the same then, it fails.
     */
    readonly nextPageToken?: string;
    /** Objects that a write wrote. */
    readonly affectedRows?: number;
    /** Only where there are any. */
    readonly notices?: readonly string[];
    /** Requests that the statement sent to Stripe. */
    readonly requests: number;
  };
}

export interface PageInput {
  /** Default 25, at most 200. */
  readonly pageSize?: number | undefined;
  readonly pageToken?: string | undefined;
}

export interface ListEntityTypesOutput {
  readonly types: readonly EntityType[];
  readonly nextPageToken: string | null;
}

export type Operation = "LIST" | "GET" | "CREATE" | "UPDATE" | "DELETE";

export interface EntityType {
  readonly name: string;
  readonly fields: readonly Field[];
  readonly jsonSchema: JsonObject;
  /** Those that Stripe has. */
  readonly operations: readonly Operation[];
  readonly defaultSortBy: string;
}

export interface Field {
  readonly name: string;
  /** "VARCHAR", "BIGINT", "DOUBLE", "DECIMAL", "BOOLEAN", "TIMESTAMP_WITH_TIMEZONE", "STRUCT", "ARRAY". */
  readonly dataType: string;
  readonly key: boolean;
  readonly nullable: boolean;
  readonly description: string;
  readonly defaultValue: Json;
  readonly reference: { readonly name: string; readonly type: string } | null;
  readonly jsonSchema: JsonObject;
}

export interface ListActionsOutput {
  readonly actions: readonly Action[];
  readonly nextPageToken: string | null;
}

export interface Action {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly inputParameters: readonly InputParameter[];
  readonly resultMetadata: readonly ResultMetadata[];
  readonly inputJsonSchema: JsonObject;
  readonly resultJsonSchema: JsonObject;
}

export interface InputParameter {
  readonly name: string;
  readonly dataType: string;
  readonly nullable: boolean;
  readonly description: string;
  readonly defaultValue: Json;
  readonly jsonSchema: JsonObject;
}

export interface ResultMetadata {
  readonly name: string;
  readonly dataType: string;
  readonly description: string;
  readonly jsonSchema: JsonObject;
}

export interface ListToolsOutput {
  readonly tools: readonly Tool[];
  readonly nextPageToken: string | null;
}

/** An operation of an entity ("list_Customer") or an action ("AcceptQuote") as agents take it. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonObject;
  readonly outputSchema: JsonObject;
  readonly annotations: ToolAnnotations;
}

/** Source: https://modelcontextprotocol.io/specification/2025-06-18/schema#toolannotations */
export interface ToolAnnotations {
  readonly title: string;
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

export interface ExecuteToolInput {
  readonly tool: string;
  readonly parameters: JsonObject;
}

export interface ExecuteToolOutput {
  readonly result: JsonObject;
}

export interface ConnectionStatus {
  readonly state: "ACTIVE" | "ERROR" | "AUTH_ERROR";
  readonly description: string;
}

export interface ConnectionReadiness {
  readonly status: "READY" | "NOT_READY";
}
