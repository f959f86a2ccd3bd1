import type { Node, TypeName } from "libpg-query";
import { quoteName } from "../../value/quote.js";
import { namesOf } from "./node.js";

/** PostgreSQL's own names of types that the planner calls otherwise. */
const plannerNames: ReadonlyMap<string, string> = new Map([
  ["bool", "BOOLEAN"],
  ["bytea", "BLOB"],
  ["float4", "FLOAT"],
  ["float8", "DOUBLE"],
  ["int2", "SMALLINT"],
  ["int4", "INTEGER"],
  ["int8", "BIGINT"],
  ["jsonb", "JSON"],
  ["numeric", "DECIMAL"],
  ["text", "VARCHAR"],
]);

/**
 * A type's name in upper case, one for each: "TIMESTAMPTZ", "DECIMAL(10,2)", "INTEGER[]". What is cut or rounded says so,
 * "VARCHAR(3)", "TIMESTAMP(0)": the planner takes such a cast for none that it knows. A type of another schema has it
 * before its name, as it may be anything.
 */
export function typeName(type: TypeName): string {
  const bounds = "[]".repeat(type.arrayBounds?.length ?? 0);
  return `${elementName(type)}${bounds}`;
}

/** A type as PostgreSQL itself reads its name: "pg_catalog"."int4"[]. What it is cut to is left out. */
export function ownTypeName({ names, arrayBounds }: TypeName): string {
  return `${namesOf(names).map(quoteName).join(".")}${"[]".repeat(arrayBounds?.length ?? 0)}`;
}

/** Of an array of one dimension: its elements' type. Undefined for any other type. */
export function elementTypeName(type: TypeName): string | undefined {
  return type.arrayBounds?.length === 1 ? elementName(type) : undefined;
}

function elementName(type: TypeName): string {
  const names = namesOf(type.names);
  const own = names[0] === "pg_catalog" ? names.slice(1) : names;
  const name = own.length === 1 ? (plannerNames.get(own[0] ?? "") ?? own[0] ?? "") : own.join(".");
  const isOdd = type.setof === true || type.pct_type === true;
  return `${name.toUpperCase()}${modifiers(type.typmods)}${isOdd ? "?" : ""}`;
}

function modifiers(typmods: readonly Node[] | undefined): string {
  if (typmods === undefined || typmods.length === 0) return "";
  const texts = typmods.map((node) =>
    "A_Const" in node ? String(node.A_Const.ival?.ival ?? node.A_Const.sval?.sval ?? "0") : "?",
  );
  return `(${texts.join(",")})`;
}
