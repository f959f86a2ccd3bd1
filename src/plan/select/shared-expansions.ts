import { relationId } from "../access/access-key.js";
import type { Access, RelationId, Scan, Scanned } from "../scan/scan.js";
import { accessesOf } from "../scan/scan.js";
import type { PlannedRelation } from "./plan-relations.js";

/**
 * Relations whose requests differ in what they expand alone are one, which expands what each of them does: customers that
 * are read for their tax ids, and the same customers for their balances. What is expanded only adds to an object.
 */
export function shareExpansions(planned: readonly PlannedRelation[]): readonly PlannedRelation[] {
  const all = planned.flatMap(({ relation, feeds }) => (relation.kind === "scan" ? [relation, ...feeds] : feeds));
  const shared = sharedScans(all);
  if (shared.size === 0) return planned;
  const renew = <One extends Scanned>(one: One): One => {
    const { id, scan } = shared.get(one.id) ?? one;
    const renamed = (source: RelationId): RelationId => shared.get(source)?.id ?? source;
    const computed = one.computed && { ...one.computed, reads: one.computed.reads.map(renamed) };
    return { ...one, id, scan: withSources(scan, renamed), ...(computed === undefined ? {} : { computed }) };
  };
  return planned.map((one) => ({
    ...one,
    relation: one.relation.kind === "scan" ? renew(one.relation) : one.relation,
    feeds: one.feeds.map(renew),
  }));
}

/** By the id of each relation that is to be another. */
function sharedScans(relations: readonly Scanned[]): ReadonlyMap<RelationId, Pick<Scanned, "id" | "scan">> {
  const groups = new Map<string, Map<RelationId, Scanned>>();
  for (const relation of relations) {
    const { table, scan } = relation;
    const key = relationId(table, withExpand(scan, []));
    groups.set(key, (groups.get(key) ?? new Map()).set(relation.id, relation));
  }
  return new Map(
    [...groups.values()].flatMap((group) => {
      const [one] = group.values();
      if (one === undefined || group.size < 2) return [];
      const paths = [...group.values()].flatMap(({ scan }) => accessesOf(scan).flatMap(expandOf));
      const scan = withExpand(one.scan, [...new Set(paths)]);
      const id = relationId(one.table, scan);
      return [...group.keys()].map((old) => [old, { id, scan }] as const);
    }),
  );
}

function expandOf({ parameters: { expand } }: Access): readonly string[] {
  return Array.isArray(expand) ? expand.map(String) : [];
}

function withExpand(scan: Scan, paths: readonly string[]): Scan {
  return mapAccesses(scan, (access) => {
    const { expand: _, ...others } = access.parameters;
    return { ...access, parameters: paths.length === 0 ? others : { ...others, expand: [...paths] } };
  });
}

function withSources(scan: Scan, renamed: (source: RelationId) => RelationId): Scan {
  return mapAccesses(scan, (access) => ({
    ...access,
    bindings: access.bindings.map((binding) => {
      const { source } = binding;
      return { ...binding, source: { ...source, relation: renamed(source.relation) } };
    }),
  }));
}

function mapAccesses(scan: Scan, change: (access: Access) => Access): Scan {
  if (scan.kind === "empty") return scan;
  const accesses = scan.accesses.map(change);
  if (scan.kind === "exact" || scan.unkeyed === undefined) return { ...scan, accesses };
  return { ...scan, accesses, unkeyed: { ...scan.unkeyed, accesses: scan.unkeyed.accesses.map(change) } };
}
