import type { Table } from "../../catalog/catalog.js";
import type { Access, RelationId, Scan, Scanned } from "../scan/scan.js";
import { accessesOf, limitOf } from "../scan/scan.js";
import { withOmitsOf } from "./omission-rule.js";

/** The same text for the same requests, whatever they are called or how they came to be planned. */
function accessKey({ endpoint, accountId, path, parameters, constants, bindings }: Access): string {
  return JSON.stringify([endpoint.apiBase, endpoint.path, path, accountId ?? null, parameters, constants, bindings]);
}

/** The same text for scans that give the same rows. */
export function scanKey(scan: Scan): string {
  const { from, ties } = scan.kind === "exact" ? scan : {};
  return JSON.stringify([limitOf(scan) ?? null, from ?? null, ties ?? false, ...accessesOf(scan).map(accessKey)]);
}

export function relationId({ schema, name }: Table, scan: Scan): RelationId {
  return `${schema}.${name} ${scanKey(scan)}`;
}

/** Each relation once, where it was first. */
export function distinctRelations(relations: readonly Scanned[]): readonly Scanned[] {
  return [...new Map(relations.map((relation) => [relation.id, relation])).values()];
}

/** Each access once, where it was first, told of as all are that it stands for. */
export function distinctAccesses(accesses: readonly Access[]): readonly Access[] {
  const distinct = new Map<string, Access>();
  for (const access of accesses) {
    const key = accessKey(access);
    const known = distinct.get(key);
    distinct.set(key, known === undefined ? access : withOmitsOf(known, [access]));
  }
  return [...distinct.values()];
}
