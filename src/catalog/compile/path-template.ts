import { singular } from "./naming.js";

const placeholder = /\{[^}]*\}/g;

/** `/v1/invoices/{id}/lines` -> `/v1/invoices/{}/lines`: equal for all calls to the same address. */
export function anonymousPath(path: string): string {
  return path.replace(placeholder, "{}");
}

/** `/v1/invoices/{invoice}/lines` -> ["invoice"] */
export function placeholdersOf(path: string): readonly string[] {
  return [...path.matchAll(placeholder)].map(([text]) => text.slice(1, -1));
}

/**
 * Names each placeholder after the collection before it: `/v1/invoices/{invoiceId}/lines/{id}` ->
 * `/v1/invoices/{invoice}/lines/{line}`.
 */
export function namedPath(path: string): string {
  const used = new Set<string>();
  const segments = path.split("/");
  return segments
    .map((segment, index) => {
      if (!segment.startsWith("{")) return segment;
      const base = singular(segments[index - 1] ?? "id");
      const name = used.has(base) ? `${base}_${used.size + 1}` : base;
      used.add(name);
      return `{${name}}`;
    })
    .join("/");
}

/** The collection that a placeholder picks from: `/v1/invoices` for `{invoice}` in `/v1/invoices/{invoice}/lines`. */
export function collectionOf(path: string, name: string): string {
  return path.slice(0, path.indexOf(`/{${name}}`));
}
