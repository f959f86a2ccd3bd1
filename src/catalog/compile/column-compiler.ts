import { pascalCase } from "../../value/naming.js";
import type { Column } from "../catalog.js";
import { typeOf } from "./column-type.js";
import type { InterfaceDeclaration } from "./declaration.js";
import { describe } from "./doc-comment.js";
import type { Field, ObjectType, Shape } from "./shape.js";

/** A nested object becomes columns of its own down to this depth, */
const maximumDepth = 2;
/** and only where that makes no more columns than this. */
const maximumLeaves = 24;

/** Name of the one table whose rows are of these declarations, where there is exactly one. */
export type ReferenceNames = (targets: readonly InterfaceDeclaration[]) => string | undefined;

/** The columns of an object type, in its declaration's order; without `_json`. */
export function compileColumns(object: readonly ObjectType[], references: ReferenceNames): readonly Column[] {
  const fields = mergedFields(object);
  const topLevel = new Set(fields.map((field) => pascalCase(field.name).toLowerCase()));
  const used = new Set<string>();
  return fields.flatMap((field) => {
    const leaves = leavesOf(field, [], references);
    const names = leaves.map((leaf) => leaf.name.toLowerCase());
    const collides = leaves.length > 1 && names.some((name) => used.has(name) || topLevel.has(name));
    const columns = collides ? [leafColumn(field, [], references)] : leaves;
    for (const column of columns) used.add(column.name.toLowerCase());
    return columns;
  });
}

/** The hidden column that holds the whole object. */
export const wholeObjectColumn: Column = {
  kind: "column",
  name: "_json",
  stripeName: "_json",
  path: [],
  type: "JSON",
  nullable: false,
  description: "The whole object as Stripe sent it.",
  hidden: true,
  parentKey: false,
  jsonShape: "object",
  enumValues: undefined,
  references: undefined,
  includable: false,
  creatable: false,
  updatable: false,
};

/** The fields of a union of objects: a field that not all of them have, or have alike, is as open as it must be. */
export function mergedFields(alternatives: readonly ObjectType[]): readonly Field[] {
  const [only, another] = alternatives;
  if (only !== undefined && another === undefined) return only.fields();
  const byName = new Map<string, Field[]>();
  for (const alternative of alternatives) {
    for (const field of alternative.fields()) byName.set(field.name, [...(byName.get(field.name) ?? []), field]);
  }
  return [...byName.values()].map((fields) => mergeField(fields, alternatives.length));
}

function mergeField(fields: readonly Field[], alternativeCount: number): Field {
  const [first] = fields;
  if (first === undefined) throw new RangeError("a field has at least one declaration");
  return {
    name: first.name,
    shape: fields.map((field) => field.shape).reduce(mergeShape),
    nullable: fields.some((field) => field.nullable) || fields.length < alternativeCount,
    optional: fields.some((field) => field.optional),
    documentation: fields.map((field) => field.documentation).find((text) => text !== "") ?? "",
  };
}

function mergeShape(a: Shape, b: Shape): Shape {
  if (a.kind === "string" && b.kind === "string") return mergeStrings(a, b);
  if (a.kind === "object" && b.kind === "object") {
    return { kind: "object", alternatives: [...a.alternatives, ...b.alternatives] };
  }
  if (a.kind === "expandable" && b.kind === "expandable") {
    return { kind: "expandable", targets: [...a.targets, ...b.targets] };
  }
  if (isIdLike(a) && isIdLike(b)) return anyString;
  return a.kind === b.kind ? a : { kind: "any" };
}

function isIdLike(shape: Shape): boolean {
  return shape.kind === "expandable" || (shape.kind === "string" && shape.enumValues === undefined);
}

type StringShape = Extract<Shape, { kind: "string" }>;

const anyString: StringShape = { kind: "string", enumValues: undefined, closed: false };

function mergeStrings(a: StringShape, b: StringShape): StringShape {
  if (a.enumValues === undefined || b.enumValues === undefined) return anyString;
  const enumValues = [...new Set([...a.enumValues, ...b.enumValues])];
  // Objects told apart by a word of their own may be joined by another kind of object.
  const isSame = enumValues.length === a.enumValues.length && enumValues.length === b.enumValues.length;
  return { kind: "string", enumValues, closed: isSame && a.closed && b.closed };
}

/** A small object of scalars as its own columns; anything else as the one column that it is. */
function leavesOf(field: Field, parents: readonly Field[], references: ReferenceNames): readonly Column[] {
  const inner = flattenable(field.shape);
  if (inner === undefined || parents.length >= maximumDepth) return [leafColumn(field, parents, references)];
  const leaves = inner.fields().flatMap((child) => leavesOf(child, [...parents, field], references));
  const fits = leaves.length <= maximumLeaves && leaves.some((leaf) => leaf.type !== "JSON");
  return fits ? leaves : [leafColumn(field, parents, references)];
}

/** A resource of its own is not taken apart, nor an object that can be of several types. */
function flattenable(shape: Shape): ObjectType | undefined {
  if (shape.kind !== "object" || shape.alternatives.length !== 1) return undefined;
  const [only] = shape.alternatives;
  return only === undefined || only.isResource || isPolymorphic(only) ? undefined : only;
}

/** `{ type: 'card' | 'link' | …, card?: {…}, link?: {…}, … }`: one of many objects, of which only one is there. */
function isPolymorphic(object: ObjectType): boolean {
  const fields = object.fields();
  const type = fields.find((field) => field.name === "type")?.shape;
  const kinds = new Set(type?.kind === "string" ? type.enumValues : []);
  return fields.filter((field) => field.shape.kind === "object" && kinds.has(field.name)).length > 2;
}

function leafColumn(field: Field, parents: readonly Field[], references: ReferenceNames): Column {
  const path = [...parents.map((parent) => parent.name), field.name];
  const shape = referenceShape(field.shape, references);
  const { type, jsonShape, enumValues, closedEnum } = typeOf(shape, field.name, field.documentation);
  return {
    kind: "column",
    name: path.map(pascalCase).join(""),
    stripeName: path.join("_"),
    path,
    type,
    nullable: [...parents, field].some((step) => step.nullable || step.optional),
    description: describe(field.documentation),
    hidden: false,
    parentKey: false,
    jsonShape,
    enumValues,
    closedEnum,
    ...referenceOf(field.shape, references),
    ...included([...parents, field]),
    creatable: false,
    updatable: false,
  };
}

function referenceOf(declared: Shape, references: ReferenceNames): Pick<Column, "references" | "expansion"> {
  const shape = referenceShape(declared, references);
  const table = shape.kind === "expandable" ? references(shape.targets) : undefined;
  if (table === undefined) return { references: undefined };
  return { references: table, expansion: declared.kind === "object" ? "always" : "on-request" };
}

/** An object of a table's own, which Stripe sends whole at all times, is its id too: that is what joins. */
function referenceShape(shape: Shape, references: ReferenceNames): Shape {
  if (shape.kind !== "object" || !shape.alternatives.every((object) => object.hasId)) return shape;
  const targets = shape.alternatives.flatMap((object) => object.declaration ?? []);
  const isOfTable = targets.length === shape.alternatives.length && references(targets) !== undefined;
  return isOfTable ? { kind: "expandable", targets } : shape;
}

const includableDocumentation =
  /not included by default|includable|only (included|returned|available|present) (if|when) .*\bexpand/i;

function included(steps: readonly Field[]): Pick<Column, "includable" | "includePath"> {
  const first = steps.findIndex(isIncludable);
  if (first < 0) return { includable: false };
  return { includable: true, includePath: steps.slice(0, first + 1).map(({ name }) => name) };
}

/** Lists that a response may lack are those that Stripe sends only when they are expanded. */
function isIncludable(field: Field): boolean {
  return (field.optional && field.shape.kind === "list") || includableDocumentation.test(field.documentation);
}
