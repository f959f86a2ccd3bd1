import { baseParametersBeside } from "../../catalog/base-parameters.js";
import type { Column, ListEndpoint, ParentKey, PseudoColumn, Table } from "../../catalog/catalog.js";
import type { Conjunction } from "../predicate/conjunction.js";
import { findAnyColumn, isUnknownValue } from "../predicate/conjunction.js";
import type { Domain, DomainValue } from "../predicate/domain.js";
import { unbounded } from "../predicate/domain.js";
import { combinations, isPathSegment, withParameter } from "../scan/request-template.js";
import type { Constants, ExpectedField, RequestParameter, RequestParameters, SentFilter } from "../scan/scan.js";
import type { ChosenFilter } from "./list-filters.js";
import { maximumAnyOf } from "./list-filters.js";

/** One way to fill in the endpoint: values for placeholders, parameters, and what they say of the rows. */
export interface Variant {
  readonly placeholders: Readonly<Record<string, DomainValue>>;
  readonly parameters: RequestParameters;
  readonly constants: Constants;
  readonly filters: readonly SentFilter[];
}

export interface ChosenParts {
  readonly bound: readonly ParentKey[];
  readonly filters: readonly ChosenFilter[];
  readonly partitions: readonly Readonly<Record<string, string>>[];
  readonly table: Table;
}

/** Every way to fill in the endpoint, so that together they give what the conditions leave. */
export function variants(
  endpoint: ListEndpoint,
  conjunction: Conjunction,
  { bound, filters, partitions, table }: ChosenParts,
): readonly Variant[] {
  const parentValues = Object.fromEntries(
    bound.map((parent) => [
      parent.placeholder,
      (conjunction.domains.get(parent.column)?.values ?? []).filter(isPathSegment),
    ]),
  );
  const sentParameters = filters.map(({ filter }) => filter.parameter);
  const start = combinations(parentValues).map((placeholders): Variant => {
    const inQuery = bound.filter((parent) => !endpoint.path.includes(`{${parent.placeholder}}`));
    return {
      placeholders,
      parameters: inQuery.reduce<RequestParameters>(
        (parameters, { placeholder }) => withParameter(parameters, placeholder, placeholders[placeholder] ?? ""),
        withParameters({}, baseParametersBeside(endpoint.baseParameters, sentParameters)),
      ),
      constants: Object.fromEntries(bound.map((parent) => [parent.column, placeholders[parent.placeholder] ?? null])),
      filters: bound.map(({ placeholder, column }) => ({
        parameter: placeholder,
        column,
        optional: false,
        unknownValues: [],
        valueCount: undefined,
        expected: expectedField(findAnyColumn(table, column), anyOf([placeholders[placeholder] ?? ""]), true),
      })),
    };
  });
  const filtered = filters.reduce<readonly Variant[]>(
    (all, chosen) => all.flatMap((variant) => applyFilter(variant, chosen, endpoint)),
    start,
  );
  return filtered.flatMap((variant) =>
    partitions.map((partition) => ({ ...variant, parameters: withParameters(variant.parameters, partition) })),
  );
}

/**
 * A table that no one list holds whole is each of its partitions, one after another; where a filter sets
 * what tells them apart, the one list that the filter names.
 */
export function partitionsOf(
  { partitions }: ListEndpoint,
  filters: readonly ChosenFilter[],
): ChosenParts["partitions"] {
  const chosen = new Set(filters.map(({ filter }) => filter.parameter));
  const isChosen = partitions?.some((partition) => Object.keys(partition).some((name) => chosen.has(name)));
  return partitions === undefined || isChosen === true ? [{}] : partitions;
}

/** Constants by the parameters' names, in brackets or not, merged into parameters. */
export function withParameters(
  parameters: RequestParameters,
  more: Readonly<Record<string, string>>,
): RequestParameters {
  return Object.entries(more).reduce((all, [name, value]) => withParameter(all, name, value), parameters);
}

function applyFilter(variant: Variant, chosen: ChosenFilter, endpoint: ListEndpoint): readonly Variant[] {
  const { filter, domain } = chosen;
  const extend = (value: RequestParameter, constant: DomainValue | undefined, part: Domain): Variant => ({
    ...variant,
    filters: [...variant.filters, sentFilter({ ...chosen, domain: part })],
    parameters: withParameters(withParameter(variant.parameters, filter.parameter, value), filter.companions ?? {}),
    constants:
      filter.pseudo && constant !== undefined ? { ...variant.constants, [filter.column]: constant } : variant.constants,
  });
  const { values } = domain;
  if (values === undefined) return [extend(rangeParameter(domain, endpoint), domain.minimum ?? domain.maximum, domain)];
  if (filter.operators === "any-of")
    return listsOfValues(values, chosen).map((chunk) => extend(chunk, chunk[0], anyOf(chunk)));
  if (filter.operators === "range") {
    return values.map((value) =>
      extend(
        rangeParameter({ ...domain, minimum: Number(value), maximum: Number(value) }, endpoint),
        value,
        anyOf([value]),
      ),
    );
  }
  return values.map((value) => extend(value, value, anyOf([value])));
}

const anyOf = (values: readonly DomainValue[]): Domain => ({ ...unbounded, values });

/** Undefined for what no field of a row holds. */
function expectedField(
  column: Column | PseudoColumn | undefined,
  domain: Domain,
  exact: boolean,
): ExpectedField | undefined {
  if (column?.kind !== "column" || column.path.length === 0) return undefined;
  return { path: column.path, domain, exact };
}

/** A value that Stripe may refuse is asked for apart from those that it knows. */
function listsOfValues(
  values: readonly DomainValue[],
  { filter, column }: ChosenFilter,
): readonly (readonly DomainValue[])[] {
  const isUnknown = (value: DomainValue): boolean => isUnknownValue(filter, column, value);
  const known = values.filter((value) => !isUnknown(value));
  return [
    ...(known.length === 0 ? [] : chunks(known, maximumAnyOf)),
    ...values.filter(isUnknown).map((value) => [value]),
  ];
}

/** Of a parameter that does not know all its column's values, a refusal says nothing of the rows. */
function sentFilter({ filter, column, domain }: ChosenFilter): SentFilter {
  const { parameter, enumValues, pseudo, required, exact } = filter;
  const isNarrower = enumValues !== undefined && column?.enumValues?.some((value) => !enumValues.includes(value));
  const texts = (domain.values ?? []).filter((value) => typeof value === "string");
  return {
    parameter,
    column: filter.column,
    optional: !pseudo && !required,
    unknownValues: isNarrower === true ? [] : texts.filter((value) => isUnknownValue(filter, column, value)),
    valueCount: column?.type === "BOOLEAN" ? 2 : column?.enumValues?.length,
    expected: expectedField(column, domain, exact),
  };
}

function rangeParameter(domain: Domain, endpoint: ListEndpoint): RequestParameter {
  const at = (bound: number): string | number =>
    endpoint.pagination === "v2" ? new Date(bound * 1000).toISOString() : bound;
  return {
    ...(domain.minimum === undefined ? {} : { gte: at(domain.minimum) }),
    ...(domain.maximum === undefined ? {} : { lte: at(domain.maximum) }),
  };
}

function chunks<T>(values: readonly T[], size: number): readonly (readonly T[])[] {
  return values.length <= size ? [values] : [values.slice(0, size), ...chunks(values.slice(size), size)];
}
