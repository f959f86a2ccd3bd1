import { InvalidArgumentError } from "commander";
import type { ChartRequest } from "../chart/chart-request.js";
import { parseChartText } from "../chart/chart-request.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { isVariableName } from "./input/variable-name.js";

/** The options of every command that opens a connection. */
export interface ConnectionOptionValues {
  readonly connection?: string;
  readonly set?: readonly string[];
  readonly sandbox?: true;
}

/** One connection string of both options. */
export function overridesOf({ set = [], sandbox }: ConnectionOptionValues): string | undefined {
  const parts = [...set.map(quoteProperty), ...(sandbox === undefined ? [] : ["Sandbox=true"])];
  return parts.length === 0 ? undefined : parts.join(";");
}

function quoteProperty(property: string): string {
  const equals = property.indexOf("=");
  return `${property.slice(0, equals)}="${property.slice(equals + 1).replaceAll('"', '""')}"`;
}

// What commander calls with an option's text, and with what the option's earlier ones gave.

export function append(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

export function appendVariable(
  text: string,
  previous: readonly (readonly [name: string, value: string])[] = [],
): readonly (readonly [name: string, value: string])[] {
  const [, name, value] = /^([^=]*)=([\s\S]*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined || !isVariableName(name)) {
    throw new InvalidArgumentError("It must be name=value, the name of letters, digits and _.");
  }
  return [...previous, [name, value]];
}

export function appendProperty(value: string, previous: readonly string[] = []): readonly string[] {
  if (!/^\s*\w+\s*=/.test(value)) throw new InvalidArgumentError("It must be Name=Value.");
  return [...previous, value];
}

export function chart(text: string): ChartRequest {
  try {
    return parseChartText(text);
  } catch (error) {
    if (!(error instanceof StripeSqlError)) throw error;
    throw new InvalidArgumentError([`${error.message}.`, error.hint].filter(Boolean).join(" "));
  }
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(text);
}

/** A timer past 2^31 ms would ring at once. */
export function seconds(text: string): number {
  if (!/^\d{1,7}$/.test(text) || Number(text) > 2_000_000)
    throw new InvalidArgumentError("It must be seconds, at most 2000000.");
  return Number(text);
}

export function portNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError("It must be a port.");
  return Number(text);
}
