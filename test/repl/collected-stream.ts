import { PassThrough, Writable } from "node:stream";
import type { OutputStream, StandardStreams } from "../../src/repl/standard-streams.js";

/** Keeps what is written to it. */
export class CollectedStream extends Writable {
  text = "";
  isTTY?: boolean;
  columns?: number;

  override _write(chunk: Buffer | string, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    this.emit("text");
    done();
  }

  /** Resolves once a text has been written. */
  async until(text: string): Promise<void> {
    while (!this.text.includes(text)) await new Promise((resolve) => this.once("text", resolve));
  }
}

export interface CollectedStreams extends StandardStreams {
  readonly input: PassThrough & { isTTY?: boolean };
  readonly output: CollectedStream & OutputStream;
  readonly errors: CollectedStream & OutputStream;
}

export function collectedStreams(): CollectedStreams {
  return { input: new PassThrough(), output: new CollectedStream(), errors: new CollectedStream() };
}

/** Three streams that look like a terminal of a certain width. */
export function terminalStreams(columns = 80): CollectedStreams {
  const streams = collectedStreams();
  streams.input.isTTY = true;
  for (const stream of [streams.output, streams.errors]) Object.assign(stream, { isTTY: true, columns });
  return streams;
}
