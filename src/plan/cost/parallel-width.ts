/** What bounds the requests that one list, or one write, may have under way. */
export interface RequestPace {
  /** That the rate budget allows on one endpoint; undefined: no limit. */
  readonly requestsPerSecond: number | undefined;
  /** How long an answer took of late; undefined: none was seen yet. */
  readonly latencyMs: number | undefined;
  /** What the connection asks for; undefined: as many as the rate and the answers' time call for. */
  readonly parallelRequests: number | undefined;
  /** True as long as others are to be taken before what is read: a page of it is enough. */
  readonly isAhead?: boolean;
  /** Pages that may be read before they are asked for; undefined: all will be wanted. */
  readonly pagesAhead?: number;
}

/** More than these do not help at the rates that Stripe allows, and each holds pages that nobody has taken yet. */
const mostParallel = 16;

/** Answers this fast take about as long to be read as to come: of more than a few at a time, the others would be held. */
const fastMs = 40;
const mostFast = 3;

/**
 * Requests that one list, or one write, may have under way: as many as keep the rate in use while each waits for its
 * answer, and one for those that take longer than most. 1: they are sent one after the other. Without a rate limit that is
 * enough, as nothing tells how many the server can bear.
 */
export function parallelWidth({ pagesAhead, ...pace }: RequestPace): number {
  return Math.min(widthOfAll(pace), pagesAhead ?? Number.POSITIVE_INFINITY);
}

function widthOfAll({ requestsPerSecond, latencyMs, parallelRequests, isAhead }: RequestPace): number {
  if (isAhead === true) return 1;
  if (parallelRequests !== undefined) return parallelRequests;
  if (requestsPerSecond === undefined || latencyMs === undefined) return 1;
  const underWay = (requestsPerSecond * latencyMs) / 1000;
  return underWay <= 1 ? 1 : Math.min(latencyMs < fastMs ? mostFast : mostParallel, Math.ceil(underWay) + 1);
}

/** Whether a list may ever have several under way. */
export const mayBeParallel = ({ requestsPerSecond, parallelRequests }: RequestPace): boolean =>
  (parallelRequests ?? (requestsPerSecond === undefined ? 1 : mostParallel)) > 1;

/** What Stripe gives at once. */
export const rowsOfPage = 100;

/** Of what a reader has taken in portions, it is taken to want so much more: whoever has read a thousand rows reads on. */
const aheadShare = 1 / 4;

/**
 * Pages that are worth reading before they are asked for, where rows are taken in portions and the rest may never be: as
 * many as the portion under way needs at the least, or a share of those that were taken, one in any case.
 */
export function pagesAhead({ wanted, taken }: { readonly wanted: number; readonly taken: number }): number {
  return Math.max(1, Math.ceil(wanted / rowsOfPage), Math.floor((taken * aheadShare) / rowsOfPage));
}
