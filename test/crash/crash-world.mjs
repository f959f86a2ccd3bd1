import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const script = (name) => fileURLToPath(new URL(name, import.meta.url));

/** A sandbox that is started again as often as it dies, on the same port and over the same file. */
export class CrashServer {
  #child;
  #shiftMs = 0;
  #port = 0;
  #orders = 0;
  #ready;
  deaths = 0;

  constructor(file) {
    this.file = file;
  }

  get url() {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start() {
    this.#ready = this.#fork();
    await this.#ready;
  }

  /** Resolves once it runs. */
  async running() {
    await this.#ready;
  }

  async #fork() {
    const child = fork(script("crash-server.mjs"), [this.file, String(this.#port)], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    this.#child = child;
    child.once("exit", (_, signal) => {
      if (this.#child !== child) return;
      if (signal === "SIGKILL") this.deaths += 1;
      this.#ready = this.#fork();
    });
    const [{ port }] = await once(child, "message");
    this.#port = port;
    await this.#order(child, { shift: this.#shiftMs });
  }

  /** Sets its clock, and the faults that it is to meet from now on. */
  async order({ shiftMs = this.#shiftMs, faults = [] }) {
    this.#shiftMs = shiftMs;
    await this.running();
    await this.#order(this.#child, { shift: shiftMs, faults });
  }

  async #order(child, order) {
    this.#orders += 1;
    const id = this.#orders;
    const answered = new Promise((resolve, reject) => {
      const heard = ({ done }) => {
        if (done !== id) return;
        child.off("message", heard).off("exit", reject);
        resolve();
      };
      child.on("message", heard).once("exit", reject);
    });
    child.send({ ...order, id });
    await answered;
  }

  kill() {
    this.#child.kill("SIGKILL");
  }

  async close() {
    const child = this.#child;
    this.#child = undefined;
    const ended = child.exitCode === null && child.signalCode === null ? once(child, "exit") : undefined;
    child.kill("SIGKILL");
    await ended;
  }

  async call(method, path, form = {}) {
    const query = new URLSearchParams(form).toString();
    const response = await fetch(`${this.url}${path}${method === "GET" && query !== "" ? `?${query}` : ""}`, {
      method,
      headers: { authorization: "Bearer sk_test_sandbox", "content-type": "application/x-www-form-urlencoded" },
      body: method === "GET" ? undefined : query,
    });
    return response.json();
  }

  /** All rows of a list. */
  async list(path, form = {}) {
    const rows = [];
    for (;;) {
      const cursor = rows.length === 0 ? {} : { starting_after: rows.at(-1).id };
      const { data, has_more: more } = await this.call("GET", path, { ...form, limit: "100", ...cursor });
      rows.push(...data);
      if (!more) return rows;
    }
  }
}

/**
 * Runs one statement in a process of its own, so many requests side by side. `kill`: milliseconds after its beginning at
 * which it is killed.
 */
export async function runClient({ server, cachePath, shiftMs, parallel, sql, kill }) {
  const parameters = [server.url, cachePath, String(shiftMs), String(parallel), sql];
  const child = fork(script("crash-client.mjs"), parameters, {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  let told;
  let timer;
  child.on("message", (message) => {
    if (message.told !== undefined) told = message.told;
    if (message.begun && kill !== undefined) timer = setTimeout(() => child.kill("SIGKILL"), kill);
  });
  const [code, signal] = await once(child, "exit");
  clearTimeout(timer);
  if (told === undefined && signal !== "SIGKILL") throw new Error(`the client ended with ${code ?? signal}`);
  return told;
}
