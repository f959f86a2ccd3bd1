import type { KeptWrite } from "../store/writes/kept-write.js";
import { isUnderWay, unsettledCalls } from "../store/writes/kept-write.js";
import type { OwnWrites } from "./write-tables.js";

/** What is left of a write, and how to go on with it; undefined where nothing is. */
export function unfinishedText(write: Pick<KeptWrite, "id" | "counts">): string | undefined {
  if (unsettledCalls(write) === 0) return undefined;
  const { id, counts } = write;
  const doubted = counts.sent + counts["in doubt"];
  const parts = [
    `${counts.written} written`,
    ...(counts["no match"] > 0 ? [`${counts["no match"]} without a match`] : []),
    ...(counts.failed > 0 ? [`${counts.failed} failed`] : []),
    ...(doubted > 0 ? [`${doubted} in doubt`] : []),
    ...(counts.planned > 0 ? [`${counts.planned} not sent`] : []),
  ];
  return `write ${id} is unfinished: ${parts.join(", ")}; RESUME WRITE '${id}' goes on with it`;
}

/** Of the account's writes that nobody is at, the last begun first. */
export function unfinishedTexts({ writes, server }: OwnWrites): readonly string[] {
  const own = writes.ifAny()?.writes(server.writer) ?? [];
  return own.filter((write) => !isUnderWay(write)).flatMap((write) => unfinishedText(write) ?? []);
}
