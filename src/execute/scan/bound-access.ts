import type { Domain } from "../../plan/predicate/domain.js";
import { unbounded } from "../../plan/predicate/domain.js";
import { fillPath, isPathSegment, withParameter } from "../../plan/scan/request-template.js";
import type { Access, Binding, Constants, Scanned, SentFilter } from "../../plan/scan/scan.js";
import type { JsonObject } from "../../value/json.js";
import { withBound } from "./range-bound.js";
import { columnReader } from "./relation-reader.js";

type ReadValue = (object: JsonObject, constants: Constants) => string | undefined;

/** A row that has no value for the binding leads to no request, nor does one whose value makes another call of the path. */
export function bindingReader({ source: { column: name }, reserved = [] }: Binding, { table }: Scanned): ReadValue {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw new RangeError(`${table.name} has no column ${name} to bind to`);
  const read = columnReader({ column, constant: column.parentKey });
  return (object, constants) => {
    const value = read(object, constants);
    return typeof value === "string" && isPathSegment(value) && !reserved.includes(value) ? value : undefined;
  };
}

export interface BoundValues {
  readonly values: readonly (string | undefined)[];
  /** What the source's rows hold beside their objects. */
  readonly constants: Constants;
}

/** The access with a value for each of its bindings, and a test of its rows for it. */
export function boundAccess(access: Access, { values, constants }: BoundValues): Access {
  const inherited = access.bindings.some(({ kind }) => kind === "parent") ? constants : {};
  const start: Access = { ...access, bindings: [], constants: { ...access.constants, ...inherited } };
  const filled = access.bindings.reduce(
    (one, binding, index) => withValue(one, { ...binding, value: values[index] ?? "" }),
    start,
  );
  if (filled.kind !== "list") return filled;
  const sent = access.bindings.flatMap(({ kind, filter }, index) =>
    filter ? [sentKey(filter, domainOf(kind, values[index] ?? ""))] : [],
  );
  return { ...filled, filters: [...filled.filters, ...sent] };
}

function sentKey({ path, exact, ...filter }: NonNullable<Binding["filter"]>, domain: Domain): SentFilter {
  return { ...filter, expected: { path, domain, exact } };
}

function domainOf(kind: Binding["kind"], value: string): Domain {
  if (kind === "least") return { ...unbounded, minimum: Number(value) };
  return kind === "greatest" ? { ...unbounded, maximum: Number(value) } : { ...unbounded, values: [value] };
}

function withValue(
  access: Access,
  { kind, target, column, value }: Pick<Binding, "kind" | "target" | "column"> & { readonly value: string },
): Access {
  if (kind === "least" || kind === "greatest") {
    const parameters = withBound(access.parameters, target, { kind, seconds: Number(value) });
    return { ...access, parameters };
  }
  const inPath = access.path.includes(`{${target}}`);
  return {
    ...access,
    path: fillPath(access.path, { [target]: value }),
    parameters: inPath ? access.parameters : withParameter(access.parameters, target, value),
    constants: { ...access.constants, [column]: value },
  };
}
