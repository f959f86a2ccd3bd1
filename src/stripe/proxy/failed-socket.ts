import { Socket } from "node:net";

/**
 * A connection that could not be made, for an agent whose connections take more than a socket. An agent goes on to
 * the requests in its queue when a socket closes, not when none could be made: so the error comes from a socket.
 */
export class FailedSocket extends Socket {
  constructor(error: Error) {
    super();
    // By then the request listens.
    setImmediate(() => this.destroy(error));
  }

  /** What is written waits until the socket is destroyed. */
  override _write(): void {}

  override _writev(): void {}
}
