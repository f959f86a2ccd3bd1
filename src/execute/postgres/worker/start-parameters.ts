import { PGlite } from "@electric-sql/pglite";

const settings: Readonly<Record<string, string>> = {
  search_path: "stripe, public",
  // Rows that are loaded and rolled back need no log.
  wal_level: "minimal",
  max_wal_senders: "0",
  // There are no processes beside the one.
  autovacuum: "off",
  jit: "off",
  // What one client's statements did is no other's business.
  track_counts: "off",
  // PostgreSQL counts its own stack; that of the thread, which it does not see, grows along with it.
  max_stack_depth: "1MB",
  // The files are in memory themselves.
  shared_buffers: "32MB",
  temp_file_limit: "256MB",
};

/** How the backend is started: PGlite's own way, and what a session begins with. */
export const startParameters: readonly string[] = [
  ...PGlite.defaultStartParams,
  ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
];
