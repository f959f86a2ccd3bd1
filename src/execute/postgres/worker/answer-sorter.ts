import { decodeResponse } from "../../../protocol/decode-backend.js";
import type { ResponseFields } from "../../../protocol/response-fields.js";
import { letter } from "./message-letter.js";

/** What became of a buffer of messages, beside the frames that were given on. */
export interface StepAnswer {
  /** The transaction's state after each Sync or simple query: I, T or E. */
  readonly states: string;
  /** The first ErrorResponse of those messages whose answers are not given on. */
  readonly failure: ResponseFields | undefined;
  /** True where an ErrorResponse is among the frames that were given on. */
  readonly isRefused: boolean;
}

export interface SorterOptions {
  /** Whose answers are given on: those between so many ReadyForQuery and the next; undefined for none. */
  readonly given: number | undefined;
  /** Takes whole frames, one or more; the bytes are its own. */
  readonly take: (frames: Uint8Array) => void;
}

/** The answers to a client's statement; what else comes answers the engine's own messages or tells of the backend. */
const clientFrames = new Set([..."TnDCEINtHdc"].map(letter));

const [errorResponse, readyForQuery] = [letter("E"), letter("Z")];

/** Frames are gathered to pieces of this size before they are given on. */
const pieceBytes = 128 * 1024;

const headerBytes = 5;

/** Cuts what the backend sends into its frames, and sorts out those of the client's statement. */
export class AnswerSorter {
  readonly #options: SorterOptions;
  #rest: Buffer = Buffer.alloc(0);
  #gathered: Buffer[] = [];
  #gatheredBytes = 0;
  #states = "";
  #failure: ResponseFields | undefined;
  #isRefused = false;

  constructor(options: SorterOptions) {
    this.#options = options;
  }

  /** The bytes are the sorter's own from then on. */
  push(bytes: Uint8Array): void {
    const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const all = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    let at = 0;
    let keptFrom = 0;
    while (at + headerBytes <= all.length) {
      const end = at + 1 + all.readUInt32BE(at + 1);
      if (end > all.length) break;
      if (!this.#isGiven(all, at, end)) {
        this.#gather(all.subarray(keptFrom, at));
        keptFrom = end;
      }
      at = end;
    }
    this.#gather(all.subarray(keptFrom, at));
    this.#rest = all.subarray(at);
    if (this.#gatheredBytes >= pieceBytes) this.#give();
  }

  /** Once all is answered. */
  end(): StepAnswer {
    this.#give();
    return { states: this.#states, failure: this.#failure, isRefused: this.#isRefused };
  }

  #isGiven(all: Buffer, at: number, end: number): boolean {
    const type = all[at] ?? 0;
    const isClients = this.#states.length === this.#options.given && this.#failure === undefined;
    if (type === readyForQuery) this.#states += String.fromCharCode(all[at + headerBytes] ?? 0);
    if (type === errorResponse && !isClients) this.#failure ??= decodeResponse(all.subarray(at + headerBytes, end));
    if (type === errorResponse && isClients) this.#isRefused = true;
    return isClients && clientFrames.has(type);
  }

  #gather(frames: Buffer): void {
    if (frames.length === 0) return;
    this.#gathered.push(frames);
    this.#gatheredBytes += frames.length;
  }

  #give(): void {
    if (this.#gatheredBytes === 0) return;
    this.#options.take(Uint8Array.from(Buffer.concat(this.#gathered)));
    this.#gathered = [];
    this.#gatheredBytes = 0;
  }
}
