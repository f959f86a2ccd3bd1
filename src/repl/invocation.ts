import type { ChartRequest } from "../chart/chart-request.js";
import type { SandboxOptions } from "../driver/sandbox.js";
import type { OutputFormat, TextFormat } from "../output/output-format.js";
import type { ServeInvocation } from "./serve-invocation.js";

/** What a command line asks for. */
export type Invocation =
  | QueryInvocation
  | { readonly kind: "sandbox"; readonly options: SandboxOptions }
  | CheckInvocation
  /** Print the JSON Schema of connection files. */
  | { readonly kind: "connection schema" }
  | ServeInvocation
  | ConformanceInvocation
  | StudioInvocation
  /** Nothing is left to do but to print: help, the version, or what is wrong with the command line. */
  | { readonly kind: "print"; readonly text: string; readonly status: 0 | 2 };

export interface QueryInvocation {
  readonly kind: "query";
  /** What `connect` takes, a connection string or file: undefined for the environment's key or else the sandbox. */
  readonly connection: string | undefined;
  /** A connection string whose properties go before those of the connection. */
  readonly overrides: string | undefined;
  /** Of `-c` and `-f`, in order; undefined reads standard input, or starts the REPL on a terminal. */
  readonly scripts: readonly ScriptSource[] | undefined;
  /** Of `-v`. */
  readonly variables: readonly (readonly [name: string, value: string])[];
  /** Folder of the saved queries, where it is named. */
  readonly queriesFolder: string | undefined;
  /** False where the REPL is to leave its settings' file alone. */
  readonly readsRc: boolean;
  readonly format: OutputFormat;
  readonly outputFile: string | undefined;
  /** What is drawn of each result: as a picture where that is the format, else as text. */
  readonly chart: ChartRequest | undefined;
  /** True where writes are agreed to that nobody can be asked about. */
  readonly agreesToWrites: boolean;
}

export type ScriptSource =
  | { readonly kind: "text"; readonly text: string }
  /** "-" is standard input. */
  | { readonly kind: "file"; readonly path: string };

export interface StudioInvocation {
  readonly kind: "studio";
  readonly connection: string | undefined;
  readonly overrides: string | undefined;
  /** 0 takes a free one. */
  readonly port: number;
  readonly queriesFolder: string | undefined;
  /** False has the connection refuse writes. */
  readonly writes: boolean;
}

export interface CheckInvocation {
  readonly kind: "connection check";
  /** "FILE" or "FILE#NAME" */
  readonly files: readonly string[];
  readonly format: CheckFormat;
}

export type CheckFormat = (typeof checkFormats)[number];

export const checkFormats = ["text", "json"] as const;

export interface ConformanceInvocation {
  readonly kind: "conformance";
  readonly connection: string | undefined;
  readonly overrides: string | undefined;
  /** Default: all. */
  readonly tables: readonly string[];
  readonly write: boolean;
  /** Folder for redacted answers. */
  readonly fixtures: string | undefined;
  readonly maxRequests: number | undefined;
  readonly format: TextFormat;
}
