/** A statement of the extended protocol with all that it needs to run. */
export interface StatementText {
  readonly text: string;
  /** OIDs of the parameters' types, 0 where PostgreSQL is to find the type out; those that are missing are 0. */
  readonly parameterTypes: readonly number[];
}

export interface BoundStatement extends StatementText {
  /** Format codes, 0 text and 1 binary: none, one for all, or one for each, as in Bind. */
  readonly parameterFormats: readonly number[];
  /** Each as its format has it; null for NULL. */
  readonly parameters: readonly (Uint8Array | null)[];
  readonly resultFormats: readonly number[];
}

/** Messages to the backend, one behind the other. Source: https://www.postgresql.org/docs/18/protocol-message-formats.html */
export function query(sql: string): Uint8Array {
  return message("Q", [text(sql)]);
}

/** Parse, Describe and Sync of the unnamed statement. */
export function describeStatement(statement: StatementText): Uint8Array {
  return Buffer.concat([parse(statement), message("D", [Buffer.from("S\0")]), message("S", [])]);
}

/** Parse, Bind, Describe, Execute and Sync of the unnamed statement and portal. */
export function runStatement(statement: BoundStatement): Uint8Array {
  return Buffer.concat([
    parse(statement),
    bind(statement),
    message("D", [Buffer.from("P\0")]),
    message("E", [text(""), int32(0)]),
    message("S", []),
  ]);
}

/** COPY … FROM STDIN with its data. */
export function copyIn(sql: string, data: Uint8Array): Uint8Array {
  return Buffer.concat([query(sql), header("d", data.length), data, message("c", [])]);
}

function parse({ text: sql, parameterTypes }: StatementText): Uint8Array {
  return message("P", [text(""), text(sql), int16(parameterTypes.length), ...parameterTypes.map(int32)]);
}

function bind({ parameterFormats, parameters, resultFormats }: BoundStatement): Uint8Array {
  return message("B", [
    text(""),
    text(""),
    int16(parameterFormats.length),
    ...parameterFormats.map(int16),
    int16(parameters.length),
    ...parameters.flatMap((value) => (value === null ? [int32(-1)] : [int32(value.length), value])),
    int16(resultFormats.length),
    ...resultFormats.map(int16),
  ]);
}

function message(type: string, parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([header(type, length), ...parts]);
}

function header(type: string, length: number): Uint8Array {
  const bytes = Buffer.alloc(5);
  bytes.write(type, 0, "latin1");
  bytes.writeInt32BE(length + 4, 1);
  return bytes;
}

/** A text with the NUL at its end. One within it would end it there, so that whoever takes texts refuses it before. */
function text(value: string): Uint8Array {
  return Buffer.from(`${value}\0`);
}

function int16(value: number): Uint8Array {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

/** OIDs are unsigned and lengths signed: the bits are the same. */
function int32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value | 0);
  return bytes;
}
