import type { PageInput } from "../../connector.js";

interface PageParameters {
  readonly pageSize?: number | undefined;
  readonly pageToken?: string | undefined;
}

export function pageInput({ pageSize, pageToken }: PageParameters): PageInput {
  return { pageSize, pageToken };
}

/** Nothing at the end, as in every proto3 that is written as JSON. */
export function nextPage({ nextPageToken }: { readonly nextPageToken: string | null }) {
  return nextPageToken === null ? {} : { nextPageToken };
}
