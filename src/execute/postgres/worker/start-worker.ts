import { parentPort, workerData } from "node:worker_threads";
import { gunzipSync } from "node:zlib";
import { PGlite } from "@electric-sql/pglite";
import { ownerRole } from "../schema/lock-down.js";
import { AnswerSorter } from "./answer-sorter.js";
import { atTime } from "./at-time.js";
import { SharedMemoryFileSystem } from "./shared-memory-file-system.js";
import { startParameters } from "./start-parameters.js";
import type { MessageFromWorker, MessageToWorker, WorkerStart } from "./worker-messages.js";
import { ControlWord, piecesUnderWay } from "./worker-messages.js";

/** What PGlite makes of PostgreSQL's return to its main loop after an error. */
const errorLongJump = 100;

/** What is used of the compiled PostgreSQL, beside PGlite's own interface. */
interface Backend {
  _PostgresMainLoopOnce(): void;
  readonly _InterruptPending: number;
  readonly _QueryCancelPending: number;
}

const { module, initialPages, maximumPages, snapshot, control } = workerData as WorkerStart;

function post(message: MessageFromWorker, transferred: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transferred);
}

function endBroken(error: unknown): void {
  post({ kind: "broken", reason: String(error), isTooDeep: error instanceof RangeError });
  process.exit(1);
}

const memory = new WebAssembly.Memory({ initial: initialPages, maximum: maximumPages, shared: true });
const pg = await PGlite.create({
  fs: new SharedMemoryFileSystem(memory),
  pgliteWasmModule: module,
  loadDataDir: new Blob([gunzipSync(snapshot)]),
  startParams: [...startParameters],
});
// PostgreSQL goes back to the role that was set before a client's; in its single-user mode none is, at first.
await pg.exec(`SET SESSION AUTHORIZATION "${ownerRole}"`);
const backend = pg.Module as unknown as Backend;
let pieces = 0;

// PGlite goes on after whatever is thrown. After anything but PostgreSQL's own errors, a trap or an overflow of the
// stack, its memory is in no known state.
const runOnce = backend._PostgresMainLoopOnce;
let beginsAt: number | undefined;
backend._PostgresMainLoopOnce = () => {
  const clock = beginsAt;
  beginsAt = undefined;
  try {
    if (clock === undefined) runOnce();
    else atTime(clock, runOnce);
  } catch (error) {
    if (!(error instanceof Object && "status" in error && error.status === errorLongJump)) {
      endBroken(error);
    }
    throw error;
  }
};

function setFlags(value: 0 | 1): void {
  const words = new Int32Array(memory.buffer);
  for (const address of [backend._QueryCancelPending, backend._InterruptPending]) words[address >> 2] = value;
}

function isStopped(): boolean {
  return Atomics.load(control, ControlWord.stop) === 1;
}

/** Waits until what is on its way has been taken, or the step is to end. */
function waitForRoom(): void {
  for (;;) {
    const taken = Atomics.load(control, ControlWord.taken);
    if (isStopped() || pieces - taken < piecesUnderWay) return;
    Atomics.wait(control, ControlWord.taken, taken);
  }
}

function give(frames: Uint8Array): void {
  waitForRoom();
  if (isStopped()) return;
  pieces += 1;
  post({ kind: "frames", frames }, [frames.buffer as ArrayBuffer]);
}

async function runStep({ frames, given, beginsAtMs }: MessageToWorker): Promise<void> {
  // What was to interrupt the step before may have come after its end.
  setFlags(0);
  beginsAt = beginsAtMs;
  const sorter = new AnswerSorter({ given, take: give });
  await pg.execProtocolRawStream(frames, {
    syncToFs: false,
    onRawData: (bytes) => {
      if (isStopped()) setFlags(1);
      sorter.push(bytes.slice());
    },
  });
  post({ kind: "done", answer: sorter.end(), memoryBytes: memory.buffer.byteLength });
}

parentPort?.on("message", (message: MessageToWorker) => {
  runStep(message).catch(endBroken);
});

post({
  kind: "ready",
  memory,
  interruptPending: backend._InterruptPending,
  queryCancelPending: backend._QueryCancelPending,
});
