/** What a backend's frames say, read without the code under test. */
export interface Answer {
  /** The frames' letters, each run of equal ones once: "TDC". */
  readonly frames: string;
  readonly columns: readonly { readonly name: string; readonly type: number; readonly format: number }[];
  /** Values as they came, in latin1 so that bytes can be told apart. */
  readonly rows: readonly (readonly (string | null)[])[];
  readonly tag: string | undefined;
  /** Of an ErrorResponse: its fields by letter. */
  readonly error: Readonly<Record<string, string>> | undefined;
  /** Data of a COPY. */
  readonly copied: string;
}

export function readAnswer(bytes: Buffer): Answer {
  let frames = "";
  let columns: Answer["columns"] = [];
  const rows: (string | null)[][] = [];
  let tag: string | undefined;
  let error: Record<string, string> | undefined;
  let copied = "";
  for (let at = 0; at < bytes.length; ) {
    const type = bytes.toString("latin1", at, at + 1);
    const end = at + 1 + bytes.readInt32BE(at + 1);
    const body = bytes.subarray(at + 5, end);
    if (!frames.endsWith(type)) frames += type;
    if (type === "T") columns = readColumns(body);
    if (type === "D") rows.push(readRow(body));
    if (type === "C") tag = body.toString("utf8", 0, body.length - 1);
    if (type === "E") error = readFields(body);
    if (type === "d") copied += body.toString("utf8");
    at = end;
  }
  return { frames, columns, rows, tag, error, copied };
}

function readColumns(body: Buffer): Answer["columns"] {
  const columns: Answer["columns"][number][] = [];
  for (let at = 2; at < body.length; ) {
    const end = body.indexOf(0, at);
    columns.push({
      name: body.toString("utf8", at, end),
      type: body.readUInt32BE(end + 7),
      format: body.readInt16BE(end + 17),
    });
    at = end + 19;
  }
  return columns;
}

function readRow(body: Buffer): (string | null)[] {
  const row: (string | null)[] = [];
  for (let at = 2; at < body.length; ) {
    const length = body.readInt32BE(at);
    row.push(length === -1 ? null : body.toString("latin1", at + 4, at + 4 + length));
    at += 4 + Math.max(0, length);
  }
  return row;
}

function readFields(body: Buffer): Record<string, string> {
  const parts = body
    .toString("utf8")
    .split("\0")
    .filter((part) => part !== "");
  return Object.fromEntries(parts.map((part) => [part.charAt(0), part.slice(1)]));
}
