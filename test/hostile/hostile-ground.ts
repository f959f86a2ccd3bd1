import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file that nobody may read, a place where none may come to be, and a listener that nobody may speak to. */
export interface HostileGround {
  /** The statement with its places filled in. */
  place(sql: string): string;
  /** What of the ground an answer shows that the statement itself does not. */
  leaks(sql: string, answer: string): readonly string[];
  connections(): number;
  files(): readonly string[];
  close(): void;
}

const word = "canaryword";

export async function openHostileGround(): Promise<HostileGround> {
  const folder = mkdtempSync(join(tmpdir(), "stripe-sql-hostile-"));
  const canary = join(folder, "canary.csv");
  writeFileSync(canary, `word\n${word}\n`);
  let connections = 0;
  const listener = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = listener.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    place: (sql) =>
      sql.replaceAll("{canary}", canary).replaceAll("{out}", join(folder, "out")).replaceAll("{port}", String(port)),
    leaks: (sql, answer) => {
      const paths = ["/root", "/home/", "/usr/", tmpdir(), process.cwd(), "root:x:", word];
      return paths.filter((path) => answer.includes(path) && !sql.includes(path));
    },
    connections: () => connections,
    files: () => readdirSync(folder),
    close: () => {
      listener.close();
      rmSync(folder, { recursive: true });
    },
  };
}
