/** SIGHUP comes when the terminal is closed. */
const endingSignals = ["SIGTERM", "SIGHUP"] as const;

/** Resolves at Ctrl-C or a request to end; a second one ends the program as usual. */
export function nextInterrupt(): Promise<void> {
  return new Promise((resolve) => onInterrupt(resolve));
}

/** Calls back once at Ctrl-C or a request to end. The answer takes the listener away. */
export function onInterrupt(callback: () => void): () => void {
  return onSignal(["SIGINT", ...endingSignals], callback);
}

/** The same for requests to end alone: at a prompt, Ctrl-C is for the statement. */
export function onEndRequest(callback: () => void): () => void {
  return onSignal(endingSignals, callback);
}

function onSignal(signals: readonly NodeJS.Signals[], callback: () => void): () => void {
  const remove = () => {
    for (const signal of signals) process.removeListener(signal, received);
  };
  const received = () => {
    remove();
    callback();
  };
  for (const signal of signals) process.on(signal, received);
  return remove;
}
