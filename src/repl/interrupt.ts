const endingSignals = ["SIGINT", "SIGTERM"] as const;

/** Resolves at Ctrl-C or a request to end; a second one ends the program as usual. */
export function nextInterrupt(): Promise<void> {
  return new Promise((resolve) => onInterrupt(resolve));
}

/** Calls back once at Ctrl-C or a request to end. The answer takes the listener away. */
export function onInterrupt(callback: () => void): () => void {
  const remove = () => {
    for (const signal of endingSignals) process.removeListener(signal, interrupted);
  };
  const interrupted = () => {
    remove();
    callback();
  };
  for (const signal of endingSignals) process.on(signal, interrupted);
  return remove;
}
