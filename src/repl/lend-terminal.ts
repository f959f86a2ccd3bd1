import type { StandardStreams } from "./standard-streams.js";

interface Lending {
  /** Ctrl-C, which then comes to all programs of the terminal. */
  readonly onInterrupt: () => void;
  readonly onReturn: () => void;
}

/** Leaves the terminal to another program, with keys as it expects them. The answer takes it back. */
export function lendTerminal(input: StandardStreams["input"], { onInterrupt, onReturn }: Lending): () => void {
  const wasRaw = input.isRaw === true;
  if (wasRaw) input.setRawMode?.(false);
  // Without a listener it would end this program too.
  process.on("SIGINT", onInterrupt);
  return () => {
    process.removeListener("SIGINT", onInterrupt);
    if (wasRaw) input.setRawMode?.(true);
    onReturn();
  };
}
