import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { isFileSystemError } from "./cache-folder.js";

/** A process as others that share a file of its can know it. */
export interface ProcessIdentity {
  /** Of whom may ask the same system for a process by its number: host, its start, and the numbers' namespace. */
  readonly host: string;
  readonly pid: number;
  /** When the process started, as the system counts it; undefined where that is not to be had. */
  readonly started: string | undefined;
  /** Tells this one's undertakings apart. */
  readonly token: string;
}

/** This process, with a token of its own for each undertaking. */
export function thisProcess(): ProcessIdentity {
  return { host: thisHost(), pid: process.pid, started: startOf(process.pid), token: randomUUID() };
}

/** True where the process has surely ended: it is this system's, and no more there, or another has its number. */
export function isGone({ host, pid, started }: ProcessIdentity): boolean {
  if (host !== thisHost()) return false;
  if (!isThere(pid)) return true;
  return started !== undefined && startOf(pid) !== started;
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is another user's.
    if (isFileSystemError(error)) return error.code !== "ESRCH";
    throw error;
  }
}

let host: string | undefined;

/** Containers of one machine count their processes apart, and may have one name. */
function thisHost(): string {
  host ??= [hostname(), textOf("/proc/sys/kernel/random/boot_id"), namespaceOf()].filter(Boolean).join(" ");
  return host;
}

function namespaceOf(): string | undefined {
  return ifThere(() => readlinkSync("/proc/self/ns/pid"));
}

function textOf(file: string): string | undefined {
  return ifThere(() => readFileSync(file, "utf8").trim());
}

/** Linux alone tells; "ended" for one that is only still to be looked after by its parent. Source: proc(5), /proc/pid/stat */
function startOf(pid: number): string | undefined {
  const stat = textOf(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The name stands in parentheses, and may hold any.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return /^[ZXx]/.test(fields[0] ?? "") ? "ended" : fields[19];
}

function ifThere<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isFileSystemError(error)) return undefined;
    throw error;
  }
}
