import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { freePort } from "./free-port.js";

export interface RedisServer {
  readonly port: number;
  /** "redis://127.0.0.1:PORT" */
  readonly url: string;
  close(): Promise<void>;
}

/** Debian's redis-server, on loopback and in memory. */
export async function startRedisServer(options: readonly string[] = []): Promise<RedisServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "stripe-sql-redis-"));
  const server = spawn(
    "redis-server",
    ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder, ...options],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  for await (const line of createInterface(server.stdout)) {
    if (line.includes("Ready to accept connections")) break;
  }
  if (server.exitCode !== null) throw new Error("redis-server did not start");
  server.stdout.resume();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    close: async () => {
      const ended = once(server, "exit");
      server.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
