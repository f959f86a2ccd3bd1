import type { Column, ListEndpoint, Pagination, ParentKey, PseudoColumn } from "../catalog.js";
import { mergedFields } from "./column-compiler.js";
import type { Compilation } from "./compilation.js";
import { compileEndpoint, includesOf } from "./endpoint-compiler.js";
import { bracketed, compileFilters } from "./filter-compiler.js";
import { listOmissions } from "./omission-compiler.js";
import { baseParameters, partitions, unorderedLists } from "./overrides.js";
import { parameterParents } from "./parent-compiler.js";
import { anonymousPath } from "./path-template.js";
import type { SdkMethod } from "./sdk-method.js";
import type { Field, ObjectType, Shape } from "./shape.js";
import type { TableDraft } from "./table-draft.js";

export interface CompiledList {
  readonly endpoint: ListEndpoint;
  readonly pseudoColumns: readonly PseudoColumn[];
}

/** Stripe's largest page. Source: https://docs.stripe.com/api/pagination */
const maximumPageSize = 100;

export function compileList(
  compilation: Compilation,
  draft: TableDraft,
  method: SdkMethod,
  columns: readonly Column[],
  parentsInPath: readonly ParentKey[],
): CompiledList {
  const path = anonymousPath(method.call.path);
  const fields = compilation.parametersOf(method);
  const parents = [...parentsInPath, ...parameterParents(compilation, draft, fields, columns)];
  const filters = compileFilters(path, fields, withKeys(columns, parents));
  const union = partitions[path];
  const endpoint: ListEndpoint = {
    ...compileEndpoint(method),
    includes: includesOf(compilation, method),
    kind: "list",
    pagination: draft.singleton ? "singleton" : listPagination(method, fields),
    parents,
    filters: filters.map(({ filter }) => keyFilter(filter, parents)),
    baseParameters: { ...declaredBase(fields, []), ...baseParameters[path] },
    partitions: union,
    order: orderOf(method, fields, columns, parents),
    ...heldAt(compilation, draft, method, parents),
    maximumPageSize,
    omits: listOmissions(compilation, { method, fields, columns, filters: filters.map(({ filter }) => filter) }),
  };
  return { endpoint, pseudoColumns: filters.flatMap(({ pseudoColumn }) => pseudoColumn ?? []) };
}

/** A key that the rows lack is a column all the same by the time that filters are bound. */
function withKeys(columns: readonly Column[], parents: readonly ParentKey[]): readonly Column[] {
  const keyColumns = parents.map((parent) => parent.column);
  return columns.filter((column) => !column.parentKey || keyColumns.includes(column.name));
}

function keyFilter(
  filter: ListEndpoint["filters"][number],
  parents: readonly ParentKey[],
): ListEndpoint["filters"][number] {
  const parent = parents.find((key) => key.placeholder === filter.parameter);
  return parent === undefined ? filter : { ...filter, column: parent.column, pseudo: false };
}

/** A list that takes no cursor gives all it has in one answer. */
export function listPagination(method: SdkMethod, fields: readonly Field[]): Pagination {
  if (method.result.kind === "v2-list") return "v2";
  return fields.some((field) => field.name === "starting_after") ? "cursor" : "none";
}

/** `all` among a filter's words, and the only word of one that is required, are what makes a list whole. */
function declaredBase(fields: readonly Field[], parents: readonly string[]): Readonly<Record<string, string>> {
  const entries = fields.flatMap((field): [string, string][] => {
    const words = field.shape.kind === "string" ? (field.shape.enumValues ?? []) : [];
    const [only] = words;
    if (words.includes("all")) return [[bracketed([...parents, field.name]), "all"]];
    const isOnlyChoice = !field.optional && words.length === 1 && only !== undefined;
    return isOnlyChoice ? [[bracketed([...parents, field.name]), only]] : [];
  });
  return Object.fromEntries(entries);
}

/**
 * "A reverse chronological stream of objects": Stripe's own word on lists of API v1 that page by cursor, by the
 * field `created`. Lists under a parent have the order of what they belong to instead.
 * Source: https://docs.stripe.com/api/pagination
 */
function orderOf(
  method: SdkMethod,
  fields: readonly Field[],
  columns: readonly Column[],
  parents: readonly ParentKey[],
): ListEndpoint["order"] {
  const isPaged = listPagination(method, fields) === "cursor" && parents.length === 0;
  const isDated = columns.some((column) => column.stripeName === "created" && column.type === "TIMESTAMPTZ");
  return isPaged && isDated && !unorderedLists.has(method.call.path) ? "created-descending" : undefined;
}

/**
 * The parent's field that holds the first of these rows: always, or once it is expanded, where it is named as the list's
 * path ends ("/v1/checkout/sessions/{session}/line_items"), as several fields may hold rows of one kind.
 */
function heldAt(
  compilation: Compilation,
  draft: TableDraft,
  method: SdkMethod,
  parents: readonly ParentKey[],
): Pick<ListEndpoint, "embeddedAt" | "expandableAt"> {
  const [parent, another] = parents;
  if (parent === undefined || another !== undefined || draft.singleton) return { embeddedAt: undefined };
  const parentDraft = compilation.drafts.all.find(
    (other) => other.name === parent.table && other.schema === draft.schema,
  );
  const row = compilation.resolver.interfaces(method.result.type, method.scope);
  const fields = mergedFields(parentDraft?.rows ?? []).filter(({ shape }) => holds(shape, row));
  const embedded = fields.find(({ optional }) => !optional);
  if (embedded !== undefined) return { embeddedAt: [embedded.name] };
  const expandable = fields.find(({ name }) => method.call.path.endsWith(`}/${name}`));
  return { embeddedAt: undefined, expandableAt: expandable && [expandable.name] };
}

function holds(shape: Shape, row: readonly ObjectType["declaration"][]): boolean {
  if (shape.kind !== "list" || shape.element.kind !== "object") return false;
  const elements = shape.element.alternatives.map((type) => type.declaration);
  return elements.length > 0 && elements.every((element) => row.includes(element));
}
