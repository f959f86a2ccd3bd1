import type { CheckedPage } from "./input-schemas.js";
import { decodePageToken, encodePageToken } from "./page-token.js";

/** One page of a list of names that does not change while a connector is open. */
export function pageOfNames(
  names: readonly string[],
  { pageSize, pageToken }: CheckedPage,
  list: string,
): { readonly names: readonly string[]; readonly nextPageToken: string | null } {
  const position = pageToken === undefined ? undefined : decodePageToken(pageToken, list);
  const start = position?.kind === "offset" ? position.count : 0;
  const end = start + pageSize;
  return {
    names: names.slice(start, end),
    nextPageToken: end < names.length ? encodePageToken({ kind: "offset", count: end }, list) : null,
  };
}
