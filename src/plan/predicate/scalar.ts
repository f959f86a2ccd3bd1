import type { TimeZone } from "../../value/time-zone.js";

/** A constant of a statement, folded. */
export type Scalar =
  | { readonly type: "null" }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "number"; readonly value: number; readonly text: string }
  | { readonly type: "boolean"; readonly value: boolean }
  | {
      readonly type: "timestamp";
      /** Seconds since the Unix epoch, fractions kept. */
      readonly seconds: number;
      /** True where it came from now(): DuckDB's own value will be this or a little later. */
      readonly clock: boolean;
      /** As the statement has it, where that is a text. */
      readonly text?: string;
    };

/** What constants depend on beside their own text. */
export interface ConstantContext {
  /** Values of the statement's parameters, by position; undefined where they are not known yet. */
  readonly parameters: readonly unknown[];
  /** The clock at planning, in seconds since the Unix epoch. */
  readonly nowSeconds: number;
  /** In which a time that names no zone is read. */
  readonly zone: TimeZone;
}
