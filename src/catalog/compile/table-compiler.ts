import { pascalCase, snakeCase } from "../../value/naming.js";
import type {
  Column,
  ParentKey,
  PseudoColumn,
  RetrieveEndpoint,
  SearchEndpoint,
  Table,
  WriteEndpoint,
} from "../catalog.js";
import { compileColumns, mergedFields, wholeObjectColumn } from "./column-compiler.js";
import type { Compilation } from "./compilation.js";
import { describe } from "./doc-comment.js";
import { compileEndpoint, includesOf } from "./endpoint-compiler.js";
import type { CompiledList } from "./list-compiler.js";
import { compileList } from "./list-compiler.js";
import { plural } from "./naming.js";
import { searchOmissions } from "./omission-compiler.js";
import { expandedFields, includableFields, movedFields, references } from "./overrides.js";
import { compileParameters } from "./parameter-compiler.js";
import { pathParents } from "./parent-compiler.js";
import { anonymousPath } from "./path-template.js";
import type { SdkMethod } from "./sdk-method.js";
import { searchFields } from "./search-fields.js";
import type { TableDraft } from "./table-draft.js";

/** A table and the methods that it has put to use. */
export interface CompiledTable {
  readonly table: Table;
  readonly methods: readonly SdkMethod[];
}

export function compileTable(compilation: Compilation, draft: TableDraft): CompiledTable {
  const crud = crudMethods(compilation, draft);
  const fieldColumns = fieldColumnsOf(compilation, draft);
  const parents = draft.lists.map((method) => pathParents(compilation, method, fieldColumns));
  const keyed = withParentKeys(fieldColumns, parents.flat());
  const lists = draft.lists.map((method, index) =>
    compileList(compilation, draft, method, keyed, parents[index] ?? []),
  );
  const create = crud.create && writeEndpoint(compilation, crud.create, keyed);
  const update = crud.update && writeEndpoint(compilation, crud.update, keyed);
  const required = withParentKeys(
    keyed,
    lists.flatMap((list) => list.endpoint.parents),
  );
  const columns = [...withWritability(required, create, update), wholeObjectColumn];
  const stripeName = snakeCase(draft.name);
  const primaryKey = keyed.find((column) => column.stripeName === "id")?.name;
  const table: Table = {
    schema: draft.schema,
    name: draft.name,
    stripeName,
    stripePlural: plural(stripeName),
    objectType: objectType(draft),
    description: tableDescription(draft),
    columns,
    pseudoColumns: pseudoColumns(lists, columns, crud.search !== undefined),
    primaryKey,
    identity: identity(
      primaryKey,
      lists.map((list) => list.endpoint.parents),
    ),
    lists: lists.map((list) => list.endpoint),
    retrieve: crud.retrieve && {
      ...retrieveEndpoint(compilation, crud.retrieve, keyed),
      includes: includesOf(compilation, crud.retrieve),
      reserved: reservedWords(compilation, crud.retrieve),
    },
    search: crud.search && searchEndpoint(crud.search, draft, columns),
    create,
    update,
    delete: crud.delete && {
      ...retrieveEndpoint(compilation, crud.delete, keyed),
      parameters: bodyParameters(compilation, crud.delete),
    },
  };
  return { table, methods: [...draft.lists, ...Object.values(crud).filter((method) => method !== undefined)] };
}

function identity(primaryKey: string | undefined, parents: readonly (readonly ParentKey[])[]): readonly string[] {
  const isWithinParent = parents.every((keys) => keys.length > 0);
  const parentColumns = isWithinParent ? parents.flat().map(({ column }) => column) : [];
  return [...new Set([...(primaryKey === undefined ? [] : [primaryKey]), ...parentColumns])];
}

function fieldColumnsOf(compilation: Compilation, draft: TableDraft): readonly Column[] {
  const columns = compileColumns(draft.rows, compilation.referenceName);
  const includable = [...(includableFields[draft.name] ?? []), ...includesOfRetrieve(compilation, draft)];
  return withExpandedFields(draft, withReferences(draft, withMovedFields(draft, withIncludables(includable, columns))));
}

/** Beside the ids, which joins and `*` have, the objects: for who names their column. */
function withExpandedFields({ schema, name }: TableDraft, columns: readonly Column[]): readonly Column[] {
  const expanded = Object.entries(schema === "stripe" ? (expandedFields[name] ?? {}) : {});
  return [
    ...columns,
    ...expanded.flatMap(([stripeName, { field, expand, description }]) => {
      const own = columns.find(({ path }) => path.join(".") === field);
      const names = { name: pascalCase(stripeName), stripeName, description };
      return own === undefined ? [] : [{ ...own, ...names, hidden: true, includable: true, includePath: expand }];
    }),
  ];
}

/** What API v2 sends of an object only where `include` asks for it. */
function includesOfRetrieve(compilation: Compilation, draft: TableDraft): readonly string[] {
  const { retrieve } = crudMethods(compilation, draft);
  return retrieve === undefined ? [] : (includesOf(compilation, retrieve) ?? []);
}

/** A field that has moved is a column under the name of the filter that was left behind, besides its own. */
function withMovedFields({ schema, name }: TableDraft, columns: readonly Column[]): readonly Column[] {
  const moved = Object.entries(movedFields[schema === "v2" ? `v2.${name}` : name] ?? {});
  return [
    ...columns,
    ...moved.map(([field, path]) => {
      const own = columns.find((column) => column.path.join(".") === path.join("."));
      return { ...(own ?? textColumn), name: pascalCase(field), stripeName: field, path };
    }),
  ];
}

const textColumn: Column = {
  ...wholeObjectColumn,
  type: "VARCHAR",
  nullable: true,
  hidden: false,
  jsonShape: undefined,
  description: "The id of the object that it is about.",
};

function withReferences({ name }: TableDraft, columns: readonly Column[]): readonly Column[] {
  const corrected = references[name] ?? {};
  return columns.map((column) => {
    const table = corrected[column.path.join(".")];
    return table === undefined ? column : { ...column, references: table, expansion: undefined };
  });
}

interface CrudMethods {
  readonly retrieve: SdkMethod | undefined;
  readonly search: SdkMethod | undefined;
  readonly create: SdkMethod | undefined;
  readonly update: SdkMethod | undefined;
  readonly delete: SdkMethod | undefined;
}

/** The address tells what a call is: POST to the list's own creates, to one of its items updates, and so on. */
function crudMethods(compilation: Compilation, draft: TableDraft): CrudMethods {
  const collection = anonymousPath(draft.lists[0]?.call.path ?? "");
  const item = draft.singleton ? collection : `${collection}/{}`;
  const at = (verb: string, path: string) =>
    compilation.methods.find(({ call }) => call.method === verb && anonymousPath(call.path) === path);
  return {
    retrieve: draft.singleton ? undefined : at("GET", item),
    search: at("GET", `${collection}/search`),
    create: draft.singleton ? undefined : at("POST", collection),
    update: at("POST", item),
    delete: at("DELETE", item),
  };
}

function retrieveEndpoint(compilation: Compilation, method: SdkMethod, columns: readonly Column[]): RetrieveEndpoint {
  return { ...compileEndpoint(method), keys: pathParents(compilation, method, columns) };
}

/** `/v1/customers/search` is no customer. */
function reservedWords({ methods }: Compilation, { call }: SdkMethod): readonly string[] {
  const folder = call.path.replace(/[^/]+$/, "");
  const siblings = methods.filter((other) => other.call.method === "GET" && other.call.path.startsWith(folder));
  const words = siblings.map((other) => other.call.path.slice(folder.length));
  return [...new Set(words.filter((word) => /^[^/{}]+$/.test(word)))];
}

function writeEndpoint(compilation: Compilation, method: SdkMethod, columns: readonly Column[]): WriteEndpoint {
  return { ...retrieveEndpoint(compilation, method, columns), parameters: bodyParameters(compilation, method) };
}

function bodyParameters(compilation: Compilation, method: SdkMethod): WriteEndpoint["parameters"] {
  return compileParameters(compilation.parametersOf(method));
}

/** Fields whose path the object lacks, or that Search does not know of, are left out. */
function searchEndpoint(method: SdkMethod, draft: TableDraft, columns: readonly Column[]): SearchEndpoint {
  const fields = (searchFields[draft.name] ?? []).flatMap(([field, type, path = field]) => {
    const column = columns.find((candidate) => candidate.path.join(".") === path);
    return column === undefined ? [] : [{ field, type, column: column.name }];
  });
  return { ...compileEndpoint(method), fields, omits: searchOmissions(method) };
}

/** A parent's key is a column even where the rows do not hold it. */
function withParentKeys(columns: readonly Column[], parents: readonly ParentKey[]): readonly Column[] {
  const referring = columns.map((column) => {
    const parent = parents.find((key) => key.column === column.name);
    return parent === undefined || column.stripeName === "id" ? column : { ...column, references: parent.table };
  });
  const known = new Set(columns.map((column) => column.name));
  const missing = new Map(parents.filter((key) => !known.has(key.column)).map((key) => [key.column, key]));
  return [...referring, ...[...missing.values()].map(parentKeyColumn)];
}

function parentKeyColumn(parent: ParentKey): Column {
  return {
    ...wholeObjectColumn,
    name: parent.column,
    stripeName: snakeCase(parent.column),
    type: "VARCHAR",
    description: `The ${parent.table} that the row belongs to.`,
    hidden: false,
    parentKey: true,
    jsonShape: undefined,
    references: parent.table,
  };
}

function withIncludables(includable: readonly string[], columns: readonly Column[]): readonly Column[] {
  return columns.map((column) => {
    const listed = includable.find((field) => `${column.path.join(".")}.`.startsWith(`${field}.`));
    return listed === undefined ? column : { ...column, includable: true, includePath: listed.split(".") };
  });
}

function withWritability(
  columns: readonly Column[],
  create: WriteEndpoint | undefined,
  update: WriteEndpoint | undefined,
): readonly Column[] {
  const creatable = parameterNames(create);
  const updatable = parameterNames(update);
  return columns.map((column) => ({
    ...column,
    creatable: creatable.has(column.name),
    updatable: updatable.has(column.name),
  }));
}

/** A placeholder of the path is set by its column as a parameter is. */
function parameterNames(endpoint: WriteEndpoint | undefined): ReadonlySet<string> {
  const isCreate = endpoint !== undefined && !endpoint.path.endsWith("}");
  const parents = isCreate ? endpoint.keys.map((key) => key.column) : [];
  return new Set([...parents, ...(endpoint?.parameters ?? []).map((parameter) => parameter.name)]);
}

const accountColumn: PseudoColumn = {
  kind: "pseudo-column",
  name: "AccountId",
  stripeName: "account_id",
  type: "VARCHAR",
  description: "The connected account that the rows are read from.",
  enumValues: undefined,
};

const searchColumn: PseudoColumn = {
  kind: "pseudo-column",
  name: "SearchQuery",
  stripeName: "search_query",
  type: "VARCHAR",
  description: "A query in Stripe's Search query language, passed on as it is.",
  enumValues: undefined,
};

/** A column's name is never a pseudo-column's too. */
function pseudoColumns(
  lists: readonly CompiledList[],
  columns: readonly Column[],
  isSearched: boolean,
): readonly PseudoColumn[] {
  const taken = new Set(columns.map((column) => column.name));
  const own = lists.flatMap((list) => list.pseudoColumns).filter((column) => !taken.has(column.name));
  const all = [...own, accountColumn, ...(isSearched ? [searchColumn] : [])];
  return [...new Map(all.map((column) => [column.name, column])).values()];
}

function objectType(draft: TableDraft): string | undefined {
  const shape = mergedFields(draft.rows).find((field) => field.name === "object")?.shape;
  const values = shape?.kind === "string" ? shape.enumValues : undefined;
  return values?.length === 1 ? values[0] : undefined;
}

/** What the list says of itself is what the table holds; what its rows are stands with their type. */
function tableDescription(draft: TableDraft): string {
  const [row] = draft.rows;
  const ofRow = describe(row?.declaration?.documentation ?? "");
  const ofList = describe(draft.lists[0]?.documentation ?? "");
  return ofRow === "" || draft.rows.length > 1 ? ofList : ofRow;
}
