import { SqlState } from "../../error/sql-state.js";
import { StripeSqlError } from "../../error/stripe-sql-error.js";
import type { Path } from "./path.js";

/** One thing that is wrong with a connection's description. */
export interface Mistake {
  readonly path: Path;
  /** What is wrong, after the path: "must be a port from 1 to 65535", "is missing". */
  readonly rule: string;
  /** True where the key is at fault, not its value. */
  readonly isKey?: true;
  readonly hint?: string | undefined;
}

/** Of a text, both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The same as a person finds it. */
export interface ShownMistake extends Mistake {
  /** Undefined for a program's object. */
  readonly place: (Place & { readonly file: string }) | undefined;
  /** "proxy.ssltype"; of Terraform's file as it is named there. */
  readonly name: string;
  /** The value's text; undefined where it may be a secret, or says nothing. */
  readonly shown: string | undefined;
}

const mostShown = 50;

/** One error of them all, a line each in its detail, in the file's order. */
export function mistakesError(subject: string, mistakes: readonly ShownMistake[]): StripeSqlError {
  const lines = [...new Set([...mistakes].sort(byPlace).map(mistakeLine))];
  const more = lines.length > mostShown ? [`and ${lines.length - mostShown} more`] : [];
  const count = lines.length === 1 ? "one mistake" : `${lines.length} mistakes`;
  return invalidFile(`${subject} has ${count}`, [...lines.slice(0, mostShown), ...more].join("\n"));
}

export function invalidFile(message: string, detail?: string): StripeSqlError {
  return new StripeSqlError(message, {
    sqlState: SqlState.invalidParameterValue,
    phase: "connect",
    detail,
  });
}

function byPlace({ place: one }: ShownMistake, { place: other }: ShownMistake): number {
  if (one === undefined || other === undefined) return 0;
  return one.line - other.line || one.column - other.column;
}

function mistakeLine({ place, name, rule, shown, hint }: ShownMistake): string {
  const sentence = [name, rule].filter((part) => part !== "").join(" ");
  const value = shown === undefined || !rule.startsWith("must be ") ? "" : `, not ${shown}`;
  return `${place === undefined ? "" : `${place.file}:${place.line}:${place.column}: `}${sentence}${value}${hint === undefined ? "" : `. ${hint}`}`;
}
