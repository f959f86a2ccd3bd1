import type { SqlType } from "../../value/sql-type.js";
import type { Column } from "../catalog.js";
import type { Shape } from "./shape.js";

export interface Typed {
  readonly type: SqlType;
  readonly jsonShape: Column["jsonShape"];
  readonly enumValues: readonly string[] | undefined;
  readonly closedEnum?: true | undefined;
}

/** The SQL type of a field or parameter. Times and fractions are numbers or strings to Stripe: name and documentation tell. */
export function typeOf(shape: Shape, name: string, documentation: string): Typed {
  switch (shape.kind) {
    case "string":
      return shape.enumValues === undefined
        ? scalar(stringType(name, documentation))
        : { ...scalar("VARCHAR", shape.enumValues), ...(shape.closed ? { closedEnum: true } : {}) };
    case "number":
      return scalar(numberType(name, documentation), shape.words.length === 0 ? undefined : shape.words);
    case "integer":
      return scalar("BIGINT");
    case "decimal":
      return scalar("DECIMAL");
    case "boolean":
      return scalar("BOOLEAN");
    case "expandable":
      return scalar("VARCHAR");
    case "range":
      return scalar(shape.of === "string" ? "TIMESTAMPTZ" : numberType(name, documentation));
    case "object":
      return json("object");
    case "array":
    case "map":
    case "list":
    case "any":
      return json(shape.kind);
  }
}

function scalar(type: SqlType, enumValues?: readonly string[]): Typed {
  return { type, jsonShape: undefined, enumValues };
}

function json(shape: Column["jsonShape"]): Typed {
  return { type: "JSON", jsonShape: shape, enumValues: undefined };
}

function numberType(name: string, documentation: string): SqlType {
  if (isUnixTime(name, documentation)) return "TIMESTAMPTZ";
  return isFraction(name, documentation) ? "DOUBLE" : "BIGINT";
}

/** Lengths of time, parts of a date and counts, whatever their documentation says of time. */
const durationName =
  /(^|_)(days?|months?|years?|hours?|minutes?|seconds?|ms|weekday|count|interval|duration|delay|age|offset|amount|number|day_of_month|monthly_anchor)$/;
const timeName =
  /(^|_)(created|updated|date|at|on|time|start|end|redeem_by|due_by|until|since|before|after|deadline|expires|eta|as_of|timestamp|billing_cycle_anchor)$/;
const timeDocumentation =
  /unix epoch|unix timestamp|epoch seconds|timestamp|^(the )?(date|time) (at|on|by|when|that|after|before|until|of)\b|^when the\b/i;

/** Amounts of time in another unit than Stripe's seconds cannot be times of ours. */
const otherUnit = /milliseconds/i;

function isUnixTime(name: string, documentation: string): boolean {
  if (durationName.test(name) || otherUnit.test(documentation)) return false;
  return timeName.test(name) || timeDocumentation.test(documentation);
}

const fractionName = /(^|_)(percent|percentage|rate|rates|latitude|longitude|ratio|metric_tons|aggregated_value)($|_)/;
const fractionDocumentation = /\bpercent(age)?\b|exchange rate|latitude|longitude|\bin (inches|ounces)\b/i;
const wholeName = /(amount|count|total|threshold)/;

function isFraction(name: string, documentation: string): boolean {
  return fractionName.test(name) || (fractionDocumentation.test(documentation) && !wholeName.test(name));
}

/** API v2 writes times as RFC 3339 text, and mostly says no more of it than "Time at which …". */
const textTime = /rfc ?3339|^(the )?(soonest |latest |created |creation )?(date & )?(time|timestamp)\b/i;
const textDate = /yyyy-mm-dd/i;

function stringType(name: string, documentation: string): SqlType {
  const isTime = textTime.test(documentation) && !textDate.test(documentation) && name !== "timezone";
  return isTime ? "TIMESTAMPTZ" : "VARCHAR";
}
