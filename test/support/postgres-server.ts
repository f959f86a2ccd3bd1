import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { freePort } from "./free-port.js";

export interface PostgresServer {
  readonly port: number;
  /** The rows of a query, each column's text; NULL is null. */
  rows(sql: string): readonly (readonly (string | null)[])[];
  close(): Promise<void>;
}

const installed = "/usr/lib/postgresql";
const nullText = "\u0001null\u0001";
const [fieldEnd, recordEnd] = ["\u0002", "\u0003"];

/** Debian's PostgreSQL with a cluster of its own, on loopback, for its superuser "postgres" without a password. */
export async function startPostgresServer(): Promise<PostgresServer> {
  const [version = ""] = readdirSync(installed).sort((one, other) => Number(other) - Number(one));
  const programs = join(installed, version, "bin");
  const folder = mkdtempSync(join(tmpdir(), "stripe-sql-postgres-"));
  const owner = serverOwner();
  if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, "data");
  const create = ["-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"];
  execFileSync(join(programs, "initdb"), create, { ...owner, cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  const port = await freePort();
  const settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "timezone=UTC"];
  const server = spawn(
    join(programs, "postgres"),
    ["-D", data, "-p", `${port}`, ...settings.flatMap((setting) => ["-c", setting])],
    { ...owner, cwd: folder, stdio: ["ignore", "ignore", "pipe"] },
  );
  for await (const line of createInterface(server.stderr)) {
    if (line.includes("ready to accept connections")) break;
  }
  if (server.exitCode !== null) throw new Error("postgres did not start");
  server.stderr.resume();
  return {
    port,
    rows: (sql) => rowsOf(join(programs, "psql"), port, sql),
    close: async () => {
      const ended = once(server, "exit");
      server.kill("SIGINT");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The server refuses to run as root. */
function serverOwner(): { readonly uid?: number; readonly gid: number } {
  if (process.getuid?.() !== 0) return { gid: process.getgid?.() ?? 0 };
  const id = (option: string): number => Number(execFileSync("id", [option, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

function rowsOf(psql: string, port: number, sql: string): readonly (readonly (string | null)[])[] {
  const address = ["-h", "127.0.0.1", "-p", `${port}`, "-U", "postgres", "-d", "postgres"];
  const format = ["-XAtq", "-v", "ON_ERROR_STOP=1", "-P", `null=${nullText}`, "-F", fieldEnd, "-R", recordEnd];
  const output = execFileSync(psql, [...address, ...format], {
    input: sql,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    env: { ...process.env, PGCLIENTENCODING: "UTF8" },
  });
  const records = output.replace(/\n$/, "").split(recordEnd);
  return output === ""
    ? []
    : records.map((record) => record.split(fieldEnd).map((text) => (text === nullText ? null : text)));
}
