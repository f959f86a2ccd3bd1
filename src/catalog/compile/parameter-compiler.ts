import { pascalCase } from "../../value/naming.js";
import type { Parameter } from "../catalog.js";
import { typeOf } from "./column-type.js";
import { describe } from "./doc-comment.js";
import type { Field } from "./shape.js";

/** Nested parameters have a name of their own down to this depth; deeper ones are reached through JSON. */
const maximumDepth = 4;

/** What a response is to contain, not what is written. */
const controlParameters: ReadonlySet<string> = new Set(["expand", "include"]);

/**
 * The inputs that a request's body takes: an object both as JSON under its own name and, for its scalars, taken
 * apart (`Address` and `AddressCity`). Of two with one name, the shallower stays.
 */
export function compileParameters(fields: readonly Field[]): readonly Parameter[] {
  const taken = fields.filter((field) => !controlParameters.has(field.name));
  const byName = new Map<string, Parameter>();
  for (let depth = 1; depth <= maximumDepth; depth++) {
    for (const field of taken) {
      for (const parameter of parametersAt(field, [], depth)) {
        const key = parameter.name.toLowerCase();
        if (!byName.has(key)) byName.set(key, parameter);
      }
    }
  }
  return [...byName.values()];
}

function parametersAt(field: Field, parents: readonly Field[], depth: number): readonly Parameter[] {
  if (parents.length === depth - 1) return [parameterOf(field, parents)];
  const [object, another] = field.shape.kind === "object" ? field.shape.alternatives : [];
  if (object === undefined || another !== undefined) return [];
  return object.fields().flatMap((inner) => parametersAt(inner, [...parents, field], depth));
}

function parameterOf(field: Field, parents: readonly Field[]): Parameter {
  const path = [...parents.map((parent) => parent.name), field.name];
  return {
    name: path.map(pascalCase).join(""),
    path,
    location: "body",
    ...typeOf(field.shape, field.name, field.documentation),
    // Of a nested one: wherever the object around it is given.
    required: !field.optional,
    emptyable: field.nullable,
    description: describe(field.documentation),
  };
}
