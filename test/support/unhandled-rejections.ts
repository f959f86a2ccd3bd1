/**
 * What rejects without anybody to hear of it while the work is done, and in the turn after: such a rejection ends a
 * program of Node's.
 */
export async function unhandledRejectionsOf(work: () => Promise<unknown>): Promise<readonly unknown[]> {
  const rejections: unknown[] = [];
  const note = (reason: unknown) => void rejections.push(reason);
  process.on("unhandledRejection", note);
  try {
    await work();
    // They are told after the microtasks of the turn in which they happen.
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off("unhandledRejection", note);
  }
  return rejections;
}
