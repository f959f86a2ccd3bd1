import { request } from "node:http";
import type { RunEvent } from "../../src/studio/messages.js";

/** What a page of the studio's asks, without a browser. */
export class StudioPage {
  readonly #base: string;
  readonly #token: string;

  constructor(url: string) {
    const { origin, hash } = new URL(url);
    this.#base = origin;
    this.#token = hash.slice(1);
  }

  get base(): string {
    return this.#base;
  }

  send(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
    return fetch(`${this.#base}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  async ask(method: string, path: string, body?: unknown): Promise<unknown> {
    return (await this.send(method, path, body)).json();
  }

  /** The events of a run, each as it comes. */
  async *run(run: string, sql: string, signal?: AbortSignal): AsyncGenerator<RunEvent> {
    const { body } = await this.send("POST", `/api/runs/${run}`, { sql }, signal);
    let rest = "";
    for await (const chunk of (body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) yield JSON.parse(line);
    }
  }

  async events(sql: string): Promise<readonly RunEvent[]> {
    const events: RunEvent[] = [];
    for await (const event of this.run(`run-${Math.random()}`, sql)) events.push(event);
    return events;
  }

  /** A request with headers that `fetch` would not send. */
  raw(path: string, headers: Readonly<Record<string, string>>): Promise<number> {
    return new Promise((resolve, reject) => {
      const sent = request(`${this.#base}${path}`, { headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      sent.on("error", reject);
      sent.end();
    });
  }
}
