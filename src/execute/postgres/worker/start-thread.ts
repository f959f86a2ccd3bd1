import { Worker } from "node:worker_threads";

/** PostgreSQL stops a statement that is nested too deeply by its own count, which more than Node's 4 MB have to hold. */
const stackSizeMb = 256;

/** Starts a thread that takes nothing of this process's environment with it and does not keep it alive. */
export function startThread(file: URL, workerData: unknown): Worker {
  const thread = new Worker(file, {
    ...{ workerData, env: {}, execArgv: [], stdout: true, stderr: true },
    resourceLimits: { stackSizeMb },
  });
  // What PGlite prints is for those who develop it; unread it would be kept.
  thread.stdout.resume();
  thread.stderr.resume();
  return thread;
}
