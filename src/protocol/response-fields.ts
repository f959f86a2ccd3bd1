import type { MessageBody } from "./message-body.js";
import type { OutputBuffer } from "./output-buffer.js";

/**
 * The fields of an ErrorResponse or a NoticeResponse.
 * Source: https://www.postgresql.org/docs/current/protocol-error-fields.html
 */
export interface ResponseFields {
  /** "ERROR", "FATAL", "PANIC"; "WARNING", "NOTICE", "DEBUG", "INFO", "LOG". */
  readonly severity: string;
  /** The severity in the language of the messages; default as `severity`. */
  readonly localizedSeverity?: string;
  readonly sqlState: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
  /** In the query's text, in characters from 1 on. */
  readonly position?: number;
  readonly internalPosition?: number;
  readonly internalQuery?: string;
  readonly where?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  readonly dataType?: string;
  readonly constraint?: string;
  readonly file?: string;
  readonly line?: number;
  readonly routine?: string;
}

type FieldName = keyof ResponseFields;

/** In PostgreSQL's order. */
const letters = {
  localizedSeverity: "S",
  severity: "V",
  sqlState: "C",
  message: "M",
  detail: "D",
  hint: "H",
  position: "P",
  internalPosition: "p",
  internalQuery: "q",
  where: "W",
  schema: "s",
  table: "t",
  column: "c",
  dataType: "d",
  constraint: "n",
  file: "F",
  line: "L",
  routine: "R",
} as const satisfies Record<FieldName, string>;

const entries = Object.entries(letters) as readonly (readonly [FieldName, string])[];
const names = new Map(entries.map(([name, letter]) => [letter.charCodeAt(0), name]));
const numbers: ReadonlySet<FieldName> = new Set(["position", "internalPosition", "line"]);

export function encodeResponseFields(output: OutputBuffer, fields: ResponseFields): void {
  for (const [name, letter] of entries) {
    const value = fields[name] ?? (name === "localizedSeverity" ? fields.severity : undefined);
    if (value === undefined) continue;
    output.byte(letter.charCodeAt(0));
    output.string(String(value));
  }
  output.byte(0);
}

/** Fields of unknown letters are left out, as the protocol asks. */
export function decodeResponseFields(body: MessageBody): ResponseFields {
  const fields: Partial<Record<FieldName, string | number>> = {};
  for (let letter = body.byte(); letter !== 0; letter = body.byte()) {
    const name = names.get(letter);
    const text = body.string();
    if (name !== undefined) fields[name] = numbers.has(name) ? Number(text) : text;
  }
  body.end();
  const severity = fields.severity ?? fields.localizedSeverity ?? "";
  return { sqlState: "", message: "", ...fields, severity } as ResponseFields;
}
