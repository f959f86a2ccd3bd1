import type { Column, Filter, Omission } from "../catalog.js";
import type { Compilation } from "./compilation.js";
import { unlistedRows } from "./overrides.js";
import { anonymousPath, namedPath } from "./path-template.js";
import type { SdkMethod } from "./sdk-method.js";
import type { Field } from "./shape.js";

interface CompiledList {
  readonly method: SdkMethod;
  readonly fields: readonly Field[];
  readonly columns: readonly Column[];
  readonly filters: readonly Filter[];
}

/** What a list leaves out of its table; undefined where nothing says that it leaves out anything. */
export function listOmissions(compilation: Compilation, list: CompiledList): readonly Omission[] | undefined {
  return unlessNone([
    ...onTestClocks(compilation, list),
    ...ofOtherValue(list),
    ...unlisted(list),
    ...older(list.method),
    ...recentOfV2(list.method),
  ]);
}

/** "data is searchable in less than a minute. Occasionally, propagation of new or updated data can be up to an hour" */
export function searchOmissions({ documentation }: SdkMethod): readonly Omission[] | undefined {
  return unlessNone(/read-after-write/.test(documentation) ? [{ kind: "recent" }] : []);
}

function unlessNone(omissions: readonly Omission[]): readonly Omission[] | undefined {
  return omissions.length === 0 ? undefined : omissions;
}

const leavesOutClocks = /will not include .*\btest clocks?\b.* if this (?:and the (\w+) )?parameter is not set/i;

/** "The response will not include subscriptions with test clocks if this and the customer parameter is not set." */
function onTestClocks(compilation: Compilation, { fields, columns, filters }: CompiledList): readonly Omission[] {
  const column = columns.find(({ stripeName }) => stripeName === "test_clock");
  const clocks = compilation.drafts.all.find(({ name }) => name === column?.references)?.lists[0];
  if (column === undefined || clocks === undefined) return [];
  return fields.flatMap(({ name, documentation }): readonly Omission[] => {
    const found = leavesOutClocks.exec(documentation);
    if (found === null) return [];
    const given = new Set([name, found[1] ?? name]);
    return [
      {
        kind: "on-test-clocks",
        column: column.name,
        clocks: namedPath(clocks.call.path),
        parameter: filters.find((filter) => filter.column === column.name)?.parameter,
        unless: filters.map(({ parameter }) => parameter).filter((parameter) => given.has(parameter)),
      },
    ];
  });
}

/** "Returns a list of Review objects that have `open` set to `true`." */
function ofOtherValue({ method, columns }: CompiledList): readonly Omission[] {
  const [, field, value] = /objects that have `?(\w+)`? set to `?(true|false)`?/.exec(method.documentation) ?? [];
  const column = columns.find(({ stripeName }) => stripeName === field);
  return column === undefined
    ? []
    : [{ kind: "unlisted", column: column.name, value: value !== "true", what: undefined }];
}

function unlisted({ method, columns }: CompiledList): readonly Omission[] {
  const rows = unlistedRows[anonymousPath(method.call.path)];
  const column = columns.find(({ stripeName }) => stripeName === rows?.field);
  if (rows === undefined || column === undefined) return [];
  return [{ kind: "unlisted", column: column.name, value: rows.value, what: rows.what }];
}

/** "List events, going back up to 30 days." */
function older({ documentation }: SdkMethod): readonly Omission[] {
  const days = /going back up to (\d+) days/.exec(documentation)?.[1];
  return days === undefined ? [] : [{ kind: "older", days: Number(days) }];
}

/** "Lists are eventually consistent by default." Source: https://docs.stripe.com/api-v2-overview */
const recentOfV2 = ({ result }: SdkMethod): readonly Omission[] =>
  result.kind === "v2-list" ? [{ kind: "recent" }] : [];
