import type { Column, Table } from "../../catalog/catalog.js";
import type { SourceRelation } from "../access/candidate.js";
import { greatestColumn, keyColumn, leastColumn } from "../names/computed-keys.js";
import type { ColumnSource } from "../predicate/predicate.js";
import type { Scanned } from "../scan/scan.js";

/**
 * Values that the local engine computes, as a relation that others take their keys or bounds of. Undefined where one
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
    table: valuesTable(
      read.length === 0 ? shown : `a subquery of ${read.map(({ table }) => table.name).join(", ")}`,
      computed.form === "texts" ? [keyColumn] : [leastColumn, greatestColumn],
    ),
    scan: { kind: "empty", reason: "the local engine computes it" },
    computed: { ...computed, reads: read.map((one) => one.id) },
  };
  return { scanned, feeds: [scanned], only: [], embeddedBeneath: [], shownAsJson: [] };
}

const textColumn = (name: string): Column => ({
  kind: "column",
  name,
  stripeName: name,
  path: [name],
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
});

function valuesTable(name: string, columns: readonly string[]): Table {
  return {
    schema: "stripe",
    name,
    stripeName: name,
    stripePlural: name,
    objectType: undefined,
    description: "",
    columns: columns.map(textColumn),
    pseudoColumns: [],
    primaryKey: columns[0],
    identity: columns,
    lists: [],
    retrieve: undefined,
    search: undefined,
    create: undefined,
    update: undefined,
    delete: undefined,
  };
}
