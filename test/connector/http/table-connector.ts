import type {
  Action,
  CallOptions,
  Connector,
  DeleteEntityInput,
  EntityFields,
  EntityType,
  ExecuteActionInput,
  ExecuteSqlQueryInput,
  Field,
  ListEntitiesInput,
  PageInput,
  Tool,
  UpdateEntityInput,
} from "../../../src/connector/connector.js";
import { SqlState } from "../../../src/error/sql-state.js";
import { StripeSqlError } from "../../../src/error/stripe-sql-error.js";
import { didYouMean } from "../../../src/error/suggestion.js";

type Rows = Map<string, Record<string, EntityFields[string]>>;

interface Table {
  readonly prefix: string;
  readonly columns: Readonly<Record<string, string>>;
  readonly rows: Rows;
}

export interface TableConnector extends Connector {
  /** Changes that were made, of any kind. */
  writes(): number;
}

/** As much of a connector as the HTTP API needs to be tried out: two tables in memory, two actions, one SELECT. */
export function tableConnector(): TableConnector {
  const tables: Readonly<Record<string, Table>> = {
    Customer: {
      prefix: "cus",
      columns: { Id: "VARCHAR", Email: "VARCHAR", Name: "VARCHAR", Balance: "BIGINT", Metadata: "STRUCT" },
      rows: new Map(),
    },
    PaymentIntent: {
      prefix: "pi",
      columns: { Id: "VARCHAR", Amount: "BIGINT", Currency: "VARCHAR", PaymentMethod: "VARCHAR", Status: "VARCHAR" },
      rows: new Map(),
    },
  };
  let writes = 0;
  let created = 0;
  const tableOf = (name: string): Table => {
    const table = Object.hasOwn(tables, name) ? tables[name] : undefined;
    if (table !== undefined) return table;
    const hint = didYouMean(name, Object.keys(tables));
    throw failure(SqlState.undefinedTable, `entity "${name}" does not exist`, hint === undefined ? {} : { hint });
  };
  const rowOf = ({ rows }: Table, id: string) => {
    const row = rows.get(id);
    if (row === undefined) throw failure(SqlState.noData, `there is no entity ${id}`);
    return row;
  };
  const targets = (table: Table, { entityId, filterClause }: DeleteEntityInput | UpdateEntityInput) => {
    if (entityId !== undefined) return [rowOf(table, entityId)];
    return [...table.rows.values()].filter(matcher(table, filterClause ?? ""));
  };
  const idsOf = (rows: readonly EntityFields[]) => rows.map(({ Id }) => String(Id));
  return {
    writes: () => writes,
    async listEntities(input: ListEntitiesInput) {
      const table = tableOf(input.entity);
      const { listEntitiesPageSize: size = 25, listEntitiesSortByColumns: sortColumns = [] } = input;
      const start = readToken(input.listEntitiesPageToken);
      const found = [...table.rows.values()].filter(matcher(table, input.filterClause));
      const sorted = sortRows(table, found, sortColumns);
      return {
        connectorOutputPayload: sorted.slice(start, start + size),
        listEntitiesNextPageToken: start + size < sorted.length ? `page ${start + size}/+?` : null,
      };
    },
    async getEntity({ entity, entityId }) {
      return { connectorOutputPayload: rowOf(tableOf(entity), entityId) };
    },
    async createEntity({ entity, connectorInputPayload }) {
      const table = tableOf(entity);
      checkFields(table, connectorInputPayload);
      created += 1;
      writes += 1;
      const id = `${table.prefix}_${created}`;
      table.rows.set(id, { Id: id, ...connectorInputPayload });
      return { connectorOutputPayload: { Id: id } };
    },
    async updateEntity(input) {
      const table = tableOf(input.entity);
      checkFields(table, input.connectorInputPayload);
      const rows = targets(table, input);
      writes += rows.length;
      for (const row of rows) Object.assign(row, input.connectorInputPayload);
      const [first] = idsOf(rows);
      return {
        connectorOutputPayload: first === undefined ? {} : { Id: first },
        ...(input.filterClause === undefined ? {} : { entityIds: idsOf(rows) }),
      };
    },
    async deleteEntity(input) {
      const table = tableOf(input.entity);
      const ids = idsOf(targets(table, input));
      writes += ids.length;
      for (const id of ids) table.rows.delete(id);
      return input.filterClause === undefined ? {} : { entityIds: ids };
    },
    async executeAction({ action, connectorInputPayload }: ExecuteActionInput) {
      actionNamed(action);
      const id = String(connectorInputPayload["PaymentIntentId"] ?? "");
      const row = rowOf(tableOf("PaymentIntent"), id);
      writes += 1;
      const status = action === "ConfirmPaymentIntent" ? "succeeded" : "canceled";
      row["Status"] = status;
      const amount = String(row["Amount"]);
      return { connectorOutputPayload: [{ Success: "true", id, amount, status, canceled_at: null }] };
    },
    async executeSqlQuery({ query, queryParameters = [], maxRows = 25 }: ExecuteSqlQueryInput) {
      const [, table = "", column = ""] = /^SELECT \* FROM (\w+) WHERE (\w+) = \?$/.exec(query) ?? [];
      if (table === "") throw failure(SqlState.syntaxError, "syntax error", { position: 0 });
      const [parameter] = queryParameters;
      const found = [...tableOf(table).rows.values()].filter((row) => row[column] === parameter?.value);
      const isCut = found.length > maxRows;
      return {
        results: found.slice(0, maxRows),
        metadata: { ...(isCut ? { truncated: true as const } : {}), requests: 0 },
      };
    },
    async listEntityTypes(input) {
      const { page, nextPageToken } = pageOf(Object.keys(tables), input);
      return { types: page.map((name) => entityType(name, tableOf(name))), nextPageToken };
    },
    async getEntityType({ entity }) {
      return entityType(entity, tableOf(entity));
    },
    async listActions(input) {
      const { page, nextPageToken } = pageOf(actions, input);
      return { actions: page, nextPageToken };
    },
    async getAction({ action }) {
      return actionNamed(action);
    },
    async listTools(input) {
      const { page, nextPageToken } = pageOf([getCustomer], input);
      return { tools: page, nextPageToken };
    },
    async executeTool({ tool, parameters }) {
      if (tool !== getCustomer.name) throw failure(SqlState.undefinedFunction, `tool "${tool}" does not exist`);
      const row = rowOf(tableOf("Customer"), String(parameters["entityId"]));
      return { result: { connectorOutputPayload: row } };
    },
    async checkStatus() {
      return { state: "ACTIVE", description: "" };
    },
    async checkReadiness() {
      return { status: "READY" };
    },
    async close() {},
  };
}

type Details = Pick<ConstructorParameters<typeof StripeSqlError>[1], "hint" | "position">;

function failure(sqlState: SqlState, message: string, details: Details = {}): StripeSqlError {
  return new StripeSqlError(message, { sqlState, phase: "plan", ...details });
}

function checkFields({ columns }: Table, fields: EntityFields): void {
  const unknown = Object.keys(fields).find((name) => !Object.hasOwn(columns, name));
  if (unknown !== undefined) throw failure(SqlState.undefinedColumn, `field "${unknown}" does not exist`);
}

/** `Name = 'John' AND Email = 'john@example.com'`, or nothing at all. */
function matcher(table: Table, clause: string | undefined): (row: EntityFields) => boolean {
  if (clause === undefined) return () => true;
  const conditions = clause.split(" AND ").map((text) => {
    const [, column, value] = /^(\w+) = '([^']*)'$/.exec(text) ?? [];
    if (column === undefined) throw failure(SqlState.syntaxError, "no such condition", { position: 0 });
    checkFields(table, { [column]: null });
    return { column, value };
  });
  return (row) => conditions.every(({ column, value }) => row[column] === value);
}

function sortRows(table: Table, rows: readonly EntityFields[], sortColumns: readonly string[]) {
  const keys = sortColumns.map((text) => {
    const [column = "", order = "ASC"] = text.split(" ");
    checkFields(table, { [column]: null });
    return { column, sign: order === "DESC" ? -1 : 1 };
  });
  return [...rows].sort((a, b) => {
    const orders = keys.map(({ column, sign }) => sign * String(a[column]).localeCompare(String(b[column])));
    return orders.find((order) => order !== 0) ?? 0;
  });
}

/** A token with characters that a URL has to encode. */
function readToken(token: string | undefined): number {
  if (token === undefined) return 0;
  const [, start] = /^page (\d+)\/\+\?$/.exec(token) ?? [];
  if (start === undefined) throw failure(SqlState.invalidParameterValue, "the page token is not valid");
  return Number(start);
}

function pageOf<Item>(items: readonly Item[], { pageSize = 25, pageToken }: PageInput = {}) {
  const start = readToken(pageToken);
  const nextPageToken = start + pageSize < items.length ? `page ${start + pageSize}/+?` : null;
  return { page: items.slice(start, start + pageSize), nextPageToken };
}

function entityType(name: string, { columns }: Table): EntityType {
  const fields = Object.entries(columns).map(
    ([column, dataType]): Field => ({
      name: column,
      dataType,
      key: column === "Id",
      nullable: column !== "Id",
      description: "",
      defaultValue: null,
      reference: column === "PaymentMethod" ? { name: "PaymentMethod", type: "PaymentMethod" } : null,
      jsonSchema: { type: dataType === "BIGINT" ? "integer" : "string" },
    }),
  );
  const operations = ["LIST", "GET", "CREATE", "UPDATE", "DELETE"] as const;
  return { name, fields, jsonSchema: { type: "object" }, operations, defaultSortBy: "" };
}

const actions: readonly Action[] = ["CancelPaymentIntent", "ConfirmPaymentIntent"].map((name) => ({
  name,
  displayName: name,
  description: "",
  inputParameters: [
    {
      name: "PaymentIntentId",
      dataType: "VARCHAR",
      nullable: false,
      description: "",
      defaultValue: null,
      jsonSchema: { type: "string" },
    },
  ],
  resultMetadata: [{ name: "Success", dataType: "VARCHAR", description: "", jsonSchema: { type: "string" } }],
  inputJsonSchema: { type: "object" },
  resultJsonSchema: { type: "object" },
}));

function actionNamed(name: string): Action {
  const action = actions.find((one) => one.name === name);
  if (action === undefined) throw failure(SqlState.undefinedFunction, `action "${name}" does not exist`);
  return action;
}

const getCustomer: Tool = {
  name: "get_Customer",
  description: "",
  inputSchema: { type: "object" },
  outputSchema: { type: "object" },
  annotations: {
    title: "Get Customer",
    readOnlyHint: true,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: true,
  },
};

/** Fails as a call does that is ended. */
export function whenAborted({ signal }: CallOptions = {}): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(failure(SqlState.queryCanceled, "canceling statement due to user request"));
    if (signal?.aborted === true) end();
    signal?.addEventListener("abort", end, { once: true });
  });
}
