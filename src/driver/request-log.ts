import type { RequestObserver } from "../stripe/request-observer.js";
import type { LogWriter } from "./log-writer.js";

/** The log's ear at the client: a line for each request from verbosity 2 on, its messages from 3, connections from 4. */
export function observeRequests(writer: LogWriter, verbosity: number): RequestObserver | undefined {
  if (verbosity < 2) return undefined;
  return {
    sent: () => undefined,
    answered: (request) => {
      const write = request.retryInMs === undefined ? writer.write : writer.warn;
      write(2, "request", request);
    },
    exchanges:
      verbosity < 3
        ? undefined
        : {
            sending: (message) => writer.write(3, "request message", message),
            received: (message) => writer.write(3, "answer message", message),
            ...(verbosity < 4 ? {} : connectionLines(writer)),
          },
  };
}

function connectionLines(writer: LogWriter) {
  return {
    connected: (connection: object) => writer.write(4, "connection used", connection),
    broken: (connection: object) => writer.warn(4, "connection failed", connection),
  };
}
