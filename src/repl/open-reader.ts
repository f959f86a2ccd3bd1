import { TerminalEditor } from "./editor/terminal-editor.js";
import { LineReader } from "./line-reader.js";
import type { Reader } from "./reader.js";
import type { ReaderOptions } from "./reader-options.js";
import type { StandardStreams } from "./standard-streams.js";

/** An editor of several lines on a terminal that can move its cursor, else a reader of single ones. */
export function openReader(streams: StandardStreams, options: ReaderOptions): Reader {
  const isTerminal = streams.input.isTTY === true && streams.output.isTTY === true;
  const movesCursor = isTerminal && options.environment["TERM"] !== "dumb";
  return movesCursor ? new TerminalEditor(streams, options) : new LineReader(streams, options);
}
