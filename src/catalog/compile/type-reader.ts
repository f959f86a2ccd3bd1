import type { Expression, Super, TSSignature, TSType, TSTypeName } from "oxc-parser";
import type { Member, TypeExpression } from "./declaration.js";

type MemberReader = (signature: TSSignature) => readonly Member[];

/** Reads a type annotation. Forms that Stripe's declarations use nowhere in data are "unknown". */
export function readType(node: TSType, readMember: MemberReader): TypeExpression {
  if (node.type === "TSUnionType") {
    return { kind: "union", members: node.types.map((member) => readType(member, readMember)) };
  }
  if (node.type === "TSArrayType") return { kind: "array", element: readType(node.elementType, readMember) };
  if (node.type === "TSParenthesizedType") return readType(node.typeAnnotation, readMember);
  if (node.type === "TSTypeLiteral") return readTypeLiteral(node.members, readMember);
  if (node.type === "TSLiteralType") return readLiteral(node.literal);
  if (node.type === "TSTypeReference") {
    const typeArguments = (node.typeArguments?.params ?? []).map((argument) => readType(argument, readMember));
    return readReference(dottedName(node.typeName), typeArguments);
  }
  return { kind: "primitive", name: primitives.get(node.type) ?? "unknown" };
}

const primitives = new Map<string, "string" | "number" | "bigint" | "boolean" | "null">([
  ["TSStringKeyword", "string"],
  ["TSNumberKeyword", "number"],
  ["TSBigIntKeyword", "bigint"],
  ["TSBooleanKeyword", "boolean"],
  ["TSNullKeyword", "null"],
  // `deleted?: void` of an object whose deleted form says `deleted: true`.
  ["TSVoidKeyword", "boolean"],
]);

/** A type literal with an index signature is a map; one with named properties an object. */
function readTypeLiteral(signatures: readonly TSSignature[], readMember: MemberReader): TypeExpression {
  if (signatures.some((signature) => signature.type === "TSIndexSignature")) return { kind: "map" };
  return { kind: "object", members: signatures.flatMap(readMember) };
}

function readLiteral(literal: { readonly type: string; readonly value?: unknown }): TypeExpression {
  const value = literal.value;
  const plain = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return plain ? { kind: "literal", value } : { kind: "primitive", name: "unknown" };
}

function readReference(name: string | undefined, typeArguments: readonly TypeExpression[]): TypeExpression {
  const [argument] = typeArguments;
  if (name === undefined) return { kind: "primitive", name: "unknown" };
  if (name === "Array" && argument !== undefined) return { kind: "array", element: argument };
  if (name === "Record") return { kind: "map" };
  return { kind: "reference", name, arguments: typeArguments };
}

/** `Invoice.Parent` of a type name or a plain member expression; undefined for anything else. */
export function dottedName(node: TSTypeName | Expression | Super): string | undefined {
  if (node.type === "Identifier") return node.name;
  if (node.type === "TSQualifiedName") return joined(dottedName(node.left), node.right.name);
  if (node.type === "MemberExpression" && node.property.type === "Identifier") {
    return joined(dottedName(node.object), node.property.name);
  }
  return undefined;
}

function joined(left: string | undefined, right: string): string | undefined {
  return left === undefined ? undefined : `${left}.${right}`;
}
