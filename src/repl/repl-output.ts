import { FileSink } from "./file-sink.js";
import { isStandardOutput } from "./output-file.js";
import type { TextFormat } from "./output-format.js";
import type { ResultTarget } from "./result-target.js";
import { textTarget } from "./result-target.js";
import type { OutputStream } from "./standard-streams.js";
import type { StreamSinkEvents } from "./stream-sink.js";
import { StreamSink } from "./stream-sink.js";
import type { TableLayout } from "./table-shape.js";

/** Where the REPL's results go and how they look: `\o`, `\format` and `\x`. */
export class ReplOutput {
  format: TextFormat;
  expanded: TableLayout["expanded"] = "auto";
  readonly #screen: StreamSink;
  #file: { readonly path: string; readonly sink: FileSink } | undefined;

  constructor(
    private readonly stream: OutputStream,
    format: TextFormat,
    events: StreamSinkEvents,
  ) {
    this.format = format;
    this.#screen = new StreamSink(stream, events);
  }

  /** The target as it is set now, for rows or for a list of names. Closing it is not the statement's business. */
  target(content: "rows" | "names"): ResultTarget {
    if (this.#file !== undefined) {
      return textTarget(this.#file.sink, this.format, () => ({ width: undefined, expanded: this.#fileExpanded() }));
    }
    const width = this.stream.isTTY === true ? (this.stream.columns ?? 80) : undefined;
    return textTarget(this.#screen, this.format, () => ({
      width,
      expanded: content === "names" && this.expanded === "auto" ? "never" : this.expanded,
    }));
  }

  /** What follows goes to a file, or back to the screen; the file before it is completed. */
  async redirect(path: string | undefined): Promise<void> {
    const previous = this.#file;
    this.#file = undefined;
    await previous?.sink.close();
    if (path !== undefined && !isStandardOutput(path)) this.#file = { path, sink: await FileSink.open(path) };
  }

  #fileExpanded(): TableLayout["expanded"] {
    return this.expanded === "on" ? "on" : "off";
  }
}
