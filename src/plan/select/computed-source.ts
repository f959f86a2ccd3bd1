import type { Column, Table } from "../../catalog/catalog.js";
import type { SourceRelation } from "../access/candidate.js";
import { keyColumn } from "../names/computed-keys.js";
import type { ColumnSource } from "../predicate/predicate.js";
import type { Scanned } from "../scan/scan.js";

/**
 * Values that the local engine computes, as a relation of one column that others take their keys of. Undefined where one
 * of the relations is not planned yet that they are computed of: it may wait for these keys itself.
 */
export function computedSource(
  { relation: id, computed, shown }: ColumnSource,
  planned: (key: string) => Scanned | "local" | undefined,
): SourceRelation | undefined {
  const reads = (computed?.reads ?? []).map(planned);
  if (computed === undefined || reads.includes(undefined)) return undefined;
  const read = reads.flatMap((one) => (one === undefined || one === "local" ? [] : [one]));
  const scanned: Scanned = {
    id,
    table: keysTable(read.length === 0 ? shown : `a subquery of ${read.map(({ table }) => table.name).join(", ")}`),
    scan: { kind: "empty", reason: "the local engine computes it" },
    computed: { ...computed, reads: read.map((one) => one.id) },
  };
  return { scanned, feeds: [scanned], only: [], embeddedBeneath: [] };
}

const column: Column = {
  kind: "column",
  name: keyColumn,
  stripeName: keyColumn,
  path: [keyColumn],
  type: "VARCHAR",
  nullable: false,
  description: "",
  hidden: false,
  parentKey: false,
  jsonShape: undefined,
  enumValues: undefined,
  references: undefined,
  includable: false,
  creatable: false,
  updatable: false,
};

function keysTable(name: string): Table {
  return {
    schema: "stripe",
    name,
    stripeName: name,
    stripePlural: name,
    objectType: undefined,
    description: "",
    columns: [column],
    pseudoColumns: [],
    primaryKey: keyColumn,
    identity: [keyColumn],
    lists: [],
    retrieve: undefined,
    search: undefined,
    create: undefined,
    update: undefined,
    delete: undefined,
  };
}
