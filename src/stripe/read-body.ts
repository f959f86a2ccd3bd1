import type { IncomingMessage } from "node:http";

/** The whole body of an answer. Where it does not arrive whole, this fails, with Node's code for why. */
export function readBody(message: IncomingMessage): Promise<Buffer> {
  const { socket } = message;
  let isTimedOut = false;
  const noteTimeout = () => {
    isTimedOut = true;
  };
  socket.once("timeout", noteTimeout);
  const reading = new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    const fail = (error = new Error("The body is cut short")) => reject(isTimedOut ? timedOut(error) : error);
    message.on("data", (chunk: Buffer) => void chunks.push(chunk));
    message.once("error", fail);
    message.once("end", () => (message.complete ? resolve(Buffer.concat(chunks)) : fail()));
    message.once("close", () => (message.complete ? undefined : fail()));
  });
  // The socket outlives the answer.
  return reading.finally(() => socket.removeListener("timeout", noteTimeout));
}

function timedOut(cause: Error): Error {
  return Object.assign(new Error("The rest of the body did not come in time", { cause }), { code: "ETIMEDOUT" });
}
