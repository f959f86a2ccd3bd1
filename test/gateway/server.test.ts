import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectSocket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "pg";
import { afterAll, describe, expect, it } from "vitest";
import { readUsersFile } from "../../src/gateway/users/read-users-file.js";
import { RawClient, sslRequest } from "../support/raw-client.js";
import { selfSignedCertificate } from "../support/self-signed-certificate.js";
import { serveGateway } from "../support/served-gateway.js";

const folder = mkdtempSync(join(tmpdir(), "stripe-sql-gateway-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const passwordFile = join(folder, "password");
writeFileSync(passwordFile, "correct horse\n");

const gateway = serveGateway({
  trustsLoopback: false,
  users: [
    { name: "analyst", password: { file: passwordFile }, connection: undefined, readOnly: true },
    { name: "writer", password: { file: passwordFile }, connection: "shop", readOnly: false },
  ],
});

describe("a gateway with users", () => {
  it("lets in who knows the password, and nobody else", async () => {
    const known = await gateway.connect({ user: "analyst", password: "correct horse" });
    expect((await known.query("SELECT current_user AS me")).rows).toEqual([{ me: "analyst" }]);
    for (const user of ["analyst", "nobody"]) {
      await expect(gateway.connect({ user, password: "wrong" })).rejects.toMatchObject({
        code: "28P01",
        message: `password authentication failed for user "${user}"`,
      });
    }
  });

  it("has a user of one connection ask for no other", async () => {
    const config = { user: "writer", password: "correct horse", database: "elsewhere" };
    await expect(gateway.connect(config)).rejects.toMatchObject({ code: "3D000" });
  });

  it("keeps a user who only reads from writing", async () => {
    const reader = await gateway.connect({ user: "analyst", password: "correct horse" });
    await expect(reader.query("INSERT INTO customers (email) VALUES ('x@example.com')")).rejects.toMatchObject({
      code: "25006",
    });
    const writer = await gateway.connect({ user: "writer", password: "correct horse" });
    expect((await writer.query("INSERT INTO customers (email) VALUES ('x@example.com')")).rowCount).toBe(1);
  });

  it("tells who may only read that its transactions do", async () => {
    const shown = async (user: string, setting: string) => {
      const client = await gateway.connect({ user, password: "correct horse" });
      return (await client.query({ text: `SHOW ${setting}`, rowMode: "array" })).rows[0]?.[0];
    };
    // By which libpq's target_session_attrs and pgjdbc's targetServerType decide.
    for (const setting of ["transaction_read_only", "default_transaction_read_only"]) {
      expect(await shown("analyst", setting)).toBe("on");
      expect(await shown("writer", setting)).toBe("off");
    }
    expect(await shown("analyst", "in_hot_standby")).toBe("off");
    const reader = await gateway.connect({ user: "analyst", password: "correct horse" });
    await expect(reader.query("BEGIN READ WRITE")).rejects.toMatchObject({ code: "42501" });
    await reader.query("ROLLBACK");
    await reader.query("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE");
    expect((await reader.query("SHOW transaction_read_only")).rows).toEqual([{ transaction_read_only: "on" }]);
  });

  it("applies the settings that a client connects with, or says why not", async () => {
    const known = { user: "analyst", password: "correct horse" };
    const client = await gateway.connect({ ...known, options: "-c TimeZone=Asia/Tokyo -c statement_timeout=60s" });
    expect((await client.query("SHOW TimeZone")).rows).toEqual([{ TimeZone: "Asia/Tokyo" }]);
    expect((await client.query("SHOW statement_timeout")).rows).toEqual([{ statement_timeout: "1min" }]);
    await expect(gateway.connect({ ...known, options: "-c TimeZone=Atlantis" })).rejects.toMatchObject({
      code: "22023",
    });
  });

  it("keeps settings of a client's own names that it connects with", async () => {
    const client = await gateway.connect({ user: "analyst", password: "correct horse", options: "-c my.app=5" });
    expect((await client.query("SHOW my.app")).rows).toEqual([{ "my.app": "5" }]);
  });

  it("answers no further request for encryption than the first of each kind", async () => {
    const client = new RawClient(gateway.port);
    client.send(...Array.from({ length: 1000 }, () => sslRequest));
    let bytes = 0;
    client.socket.on("data", (piece) => {
      bytes += piece.length;
    });
    await client.closed();
    expect(bytes).toBeLessThan(200);
  });

  it("cuts off a client that it has told to go, and that stays", async () => {
    const staying = connectSocket({ port: gateway.port, host: "127.0.0.1", allowHalfOpen: true });
    staying.write(Buffer.alloc(8, 0x7f));
    staying.resume();
    await once(staying, "end");
    // Written to after it was cut off, the connection is reset.
    const failed = once(staying, "error").then(([error]) => error);
    const writing = setInterval(() => staying.write("x"), 100);
    expect(["ECONNRESET", "EPIPE"]).toContain((await failed).code);
    clearInterval(writing);
    staying.destroy();
  });

  it("cancels a statement by its key, and no other's", async () => {
    gateway.sandbox.faults.add({ path: "/v1/charges", effect: { kind: "delay", milliseconds: 600_000 } });
    const client = await gateway.connect({ user: "writer", password: "correct horse" });
    const running = client.query("SELECT count(*) FROM charges");
    const { processID, secretKey } = client as unknown as { processID: number; secretKey: number };
    const canceled = expect(running).rejects.toMatchObject({
      code: "57014",
      message: "canceling statement due to user request",
    });
    await cancel(gateway.port, processID, secretKey ^ 1);
    await cancel(gateway.port, processID, secretKey);
    await canceled;
    expect((await client.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  });

  it("ends a statement at its time limit", async () => {
    gateway.sandbox.faults.add({ path: "/v1/charges", effect: { kind: "delay", milliseconds: 600_000 } });
    const client = await gateway.connect({ user: "writer", password: "correct horse" });
    await client.query("SET statement_timeout = '50ms'");
    await expect(client.query("SELECT count(*) FROM charges")).rejects.toMatchObject({
      code: "57014",
      message: "canceling statement due to statement timeout",
    });
  });

  it("gives up what runs for a client that has gone", async () => {
    gateway.sandbox.faults.add({ path: "/v1/charges", effect: { kind: "delay", milliseconds: 600_000 } });
    const client = await gateway.connect({ user: "writer", password: "correct horse" });
    const running = client.query("SELECT count(*) FROM charges").catch(() => undefined);
    (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    await running;
    await expect.poll(() => gateway.statements.length, { timeout: 30_000 }).toBe(1);
    expect(gateway.statements).toMatchObject([{ error: { sqlState: "57014" } }]);
  });
});

/** What psql sends at Ctrl-C. */
function cancel(port: number, processId: number, secretKey: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = Buffer.alloc(16);
    for (const [index, value] of [16, 80877102, processId, secretKey].entries())
      request.writeInt32BE(value | 0, index * 4);
    const socket = connectSocket(port, "127.0.0.1", () => socket.write(request));
    socket.on("close", () => resolve());
    socket.on("error", reject);
  });
}

describe("a gateway's users' file", () => {
  const write = (text: string): string => {
    const file = join(folder, "users.yaml");
    writeFileSync(file, text);
    return file;
  };

  it("names users and where their passwords are", async () => {
    const file = write("users:\n  - name: a\n    password: {file: p}\n    read_only: true\n    connection: shop\n");
    expect(await readUsersFile(file)).toEqual([
      { name: "a", password: { file: join(folder, "p") }, connection: "shop", readOnly: true },
    ]);
  });

  it("gives nobody a name that PostgreSQL keeps for itself", async () => {
    const file = write("users:\n  - name: pg_monitor\n    password: {env: X}\n");
    await expect(readUsersFile(file)).rejects.toMatchObject({
      sqlState: "22023",
      detail: expect.stringContaining(":2:11"),
    });
  });

  it("is refused with each mistake and its place, and without what may be a password", async () => {
    const file = write(
      "users:\n  - name: a\n    password: hunter2\n  - name: a\n    passwort: {env: X}\n    password: {env: X}\n",
    );
    const error: unknown = await readUsersFile(file).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ sqlState: "22023", detail: expect.stringContaining(`${file}:3:15`) });
    expect(error).toMatchObject({ detail: expect.stringContaining(`${file}:5:5`) });
    expect(JSON.stringify(error)).not.toContain("hunter2");
  });
});

describe("a gateway with a certificate", () => {
  const { cert: certificate, key } = selfSignedCertificate("localhost");
  const [certificateFile, keyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  writeFileSync(certificateFile, certificate);
  writeFileSync(keyFile, key, { mode: 0o600 });
  const secure = serveGateway({ tls: { certificate: certificateFile, key: keyFile } });

  it("speaks over TLS, and with nobody who does not", async () => {
    const client = await secure.connect({ ssl: { ca: certificate, servername: "localhost" } });
    expect((await client.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
    await expect(secure.connect({ ssl: false })).rejects.toMatchObject({ code: "28000" });
  });
});

describe("a gateway of a connection with a time zone", () => {
  const zoned = serveGateway({}, {}, { timeZone: "America/New_York" });

  it("has clients read and write times in it, unless they ask for another", async () => {
    const shown = async (client: Client) => (await client.query("SHOW TimeZone")).rows[0]?.TimeZone;
    const client = await zoned.connect();
    expect(await shown(client)).toBe("America/New_York");
    await client.query("SET TimeZone = 'Asia/Tokyo'");
    await client.query("RESET ALL");
    expect(await shown(client)).toBe("America/New_York");
    expect(await shown(await zoned.connect({ options: "-c timezone=UTC" }))).toBe("UTC");
  });
});

describe("a gateway for so many clients", () => {
  const small = serveGateway({ maxConnections: 2 });

  it("lets no further one in, and has silent ones take nobody's place", async () => {
    const silent = Array.from({ length: 5 }, () => connectSocket(small.port, "127.0.0.1"));
    await Promise.all(silent.map((socket) => once(socket, "connect")));
    const clients = [await small.connect(), await small.connect()];
    await expect(small.connect()).rejects.toMatchObject({ code: "53300" });
    await clients[0]?.end();
    const tried = () =>
      small.connect().then(
        () => "in",
        () => "refused",
      );
    await expect.poll(tried, { timeout: 30_000 }).toBe("in");
    for (const socket of silent) socket.destroy();
  });
});
