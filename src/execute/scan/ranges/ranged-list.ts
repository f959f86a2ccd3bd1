import { listSpread } from "../../../plan/cost/list-estimate.js";
import { mayBeParallel } from "../../../plan/cost/parallel-width.js";
import { createdField, createdRange } from "../../../plan/scan/created-ranges.js";
import type { ListCall } from "../../../stripe/list-call.js";
import type { StatementContext } from "../../statement-context.js";
import { DoubtfulAnswer } from "../doubtful-answer.js";
import type { CheckedList } from "../row-check.js";
import { rowsOf } from "../row-check.js";
import { knownCuts } from "./known-cuts.js";
import type { RangedList } from "./ranged-pages.js";

/** A list that is read in ranges: one that all is wanted of, and that Stripe filters by its creation times. */
export function rangedList(call: ListCall, list: CheckedList, context: StatementContext): RangedList | undefined {
  if (call.readAll !== true || call.limit !== undefined || !mayBeParallel(context.pace())) return undefined;
  const { statistics } = context;
  const whole = createdRange(list, statistics);
  if (whole === undefined) return undefined;
  const of = rowsOf(list);
  const seen = listSpread({ access: list.access, of, statistics });
  return {
    call,
    whole,
    known: (width) => (seen?.spread === undefined ? undefined : knownCuts(seen.spread, whole, width)),
    pagesSeen: seen && Math.ceil(seen.rows / call.pageSize),
    onBroken: (reason) => {
      const doubt = { of, relied: { kind: "filter", parameter: createdField }, reason, lasting: true } as const;
      const isSent = list.access.filters.some(({ parameter }) => parameter === createdField);
      if (isSent) throw new DoubtfulAnswer(doubt);
      context.doubt(doubt);
    },
  };
}
