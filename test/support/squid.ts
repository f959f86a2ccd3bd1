import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { freePort } from "./free-port.js";
import type { SelfSigned } from "./self-signed-certificate.js";
import { selfSignedCertificate } from "./self-signed-certificate.js";

export interface SquidOptions {
  /** By name; left out, everybody may use the proxy, and nobody is asked. */
  readonly passwords?: Readonly<Record<string, string>>;
  /** In the order in which they are offered. Default DIGEST, BASIC. */
  readonly schemes?: readonly ("BASIC" | "DIGEST")[];
  /** Hosts to which nobody may connect. */
  readonly denied?: readonly string[];
  /** Uses of one nonce of DIGEST. Default 10,000. */
  readonly nonceUses?: number;
  /** Of its port of TLS. Default one of its own, for "localhost". */
  readonly certificate?: SelfSigned;
  /** File of the authorities whose certificates it trusts, for servers that it speaks TLS with. */
  readonly trusted?: string;
}

/** A line of the access log. That of a CONNECT is written when the tunnel ends. */
export interface AccessEntry {
  readonly status: number;
  readonly method: string;
  readonly url: string;
  /** Undefined where nobody logged in. */
  readonly user: string | undefined;
}

export interface Squid {
  readonly host: "localhost";
  readonly port: number;
  /** The port of TLS. */
  readonly tlsPort: number;
  /** Entries of the access log since the last call of this, as soon as there are as many, of those that `counts`. */
  logged(count: number, counts?: (entry: AccessEntry) => boolean): Promise<readonly AccessEntry[]>;
  close(): Promise<void>;
}

const helpers = "/usr/lib/squid";
const realm = "squid of tests";

/** Debian's squid-openssl in the foreground, on loopback, with all of its files in a folder of its own. */
export async function startSquid(options: SquidOptions = {}): Promise<Squid> {
  const folder = mkdtempSync(join(tmpdir(), "stripe-sql-squid-"));
  // Where the tests run as root, Squid goes on as another user.
  chmodSync(folder, 0o777);
  const [port, tlsPort] = [await freePort(), await freePort()];
  const accessLog = writeOpen(folder, "access.log", "");
  const { key, cert } = options.certificate ?? selfSignedCertificate("localhost");
  writeOpen(folder, "proxy.pem", cert + key);
  writeLogins(folder, options.passwords ?? {});
  const configuration = writeOpen(folder, "squid.conf", configure(folder, { ...options, port, tlsPort }));
  const squid = spawn("/usr/sbin/squid", ["-N", "-d1", "-f", configuration], { stdio: ["ignore", "ignore", "pipe"] });
  let listening = 0;
  let said = "";
  for await (const line of createInterface(squid.stderr)) {
    said += `${line}\n`;
    if (line.includes("Accepting HTTP")) listening += 1;
    if (listening === 2) break;
  }
  if (listening < 2) throw new Error(`squid did not start:\n${said}`);
  squid.stderr.resume();
  let seen = 0;
  return {
    host: "localhost",
    port,
    tlsPort,
    logged: async (count, counts = () => true) => {
      const isEnough = (entries: readonly AccessEntry[]) => entries.slice(seen).filter(counts).length >= count;
      const entries = await entriesOf(accessLog, isEnough);
      const fresh = entries.slice(seen);
      seen = entries.length;
      return fresh;
    },
    close: async () => {
      const ended = once(squid, "exit");
      squid.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configure(
  folder: string,
  options: SquidOptions & { readonly port: number; readonly tlsPort: number },
): string {
  const { passwords, schemes = ["DIGEST", "BASIC"], denied = [], nonceUses = 10_000, trusted } = options;
  return [
    `http_port 127.0.0.1:${options.port}`,
    `https_port 127.0.0.1:${options.tlsPort} tls-cert=${folder}/proxy.pem`,
    "pid_filename none",
    "pinger_enable off",
    "netdb_filename none",
    "visible_hostname squid.test",
    `coredump_dir ${folder}`,
    `cache_log ${folder}/cache.log`,
    "cache deny all",
    "cache_mem 1 MB",
    "shutdown_lifetime 0 seconds",
    "logformat known %>Hs %rm %ru %[un",
    `access_log stdio:${folder}/access.log logformat=known`,
    ...(trusted === undefined ? [] : [`tls_outgoing_options cafile=${trusted}`]),
    ...(passwords === undefined ? [] : schemes.flatMap((scheme) => login(folder, scheme, nonceUses))),
    ...(denied.length === 0 ? [] : [`acl denied dstdomain ${denied.join(" ")}`, "http_access deny denied"]),
    // Whatever is asked, nothing leaves this machine.
    "acl here dst 127.0.0.0/8 ::1",
    "http_access deny !here",
    ...(passwords === undefined
      ? ["http_access allow all"]
      : ["acl known proxy_auth REQUIRED", "http_access allow known", "http_access deny all"]),
    "",
  ].join("\n");
}

function login(folder: string, scheme: "BASIC" | "DIGEST", nonceUses: number): readonly string[] {
  return scheme === "BASIC"
    ? [
        `auth_param basic program ${helpers}/basic_ncsa_auth ${folder}/passwd`,
        `auth_param basic realm ${realm}`,
        "auth_param basic children 1 startup=1",
      ]
    : [
        `auth_param digest program ${helpers}/digest_file_auth -c ${folder}/digest`,
        `auth_param digest realm ${realm}`,
        "auth_param digest children 1 startup=1",
        `auth_param digest nonce_max_count ${nonceUses}`,
      ];
}

/** The files of both helpers. */
function writeLogins(folder: string, passwords: Readonly<Record<string, string>>): void {
  const users = Object.entries(passwords);
  const basic = users.map(([user, password]) => {
    return spawnSync("/usr/bin/htpasswd", ["-nbm", user, password], { encoding: "utf8" }).stdout.trim();
  });
  const digest = users.map(([user, password]) => {
    return `${user}:${realm}:${createHash("md5").update(`${user}:${realm}:${password}`).digest("hex")}`;
  });
  writeOpen(folder, "passwd", `${basic.join("\n")}\n`);
  writeOpen(folder, "digest", `${digest.join("\n")}\n`);
}

function writeOpen(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, 0o666);
  return path;
}

/** The log's entries once there are enough. */
function entriesOf(
  path: string,
  isEnough: (entries: readonly AccessEntry[]) => boolean,
): Promise<readonly AccessEntry[]> {
  return new Promise((resolve) => {
    const look = () => {
      const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
      // A connection that ended between requests has a line too, without a method.
      const entries = lines.map(entryOf).filter(({ method }) => method !== "-");
      if (!isEnough(entries)) return;
      watcher.close();
      resolve(entries);
    };
    const watcher = watch(path, look);
    look();
  });
}

function entryOf(line: string): AccessEntry {
  const [status = "", method = "", url = "", user = "-"] = line.split(" ");
  return { status: Number(status), method, url, user: user === "-" ? undefined : user };
}
