import type { AliasDeclaration, InterfaceDeclaration, Member, Scope, TypeExpression } from "./declaration.js";
import { resolveName } from "./name-resolver.js";
import { openEnums } from "./overrides.js";
import type { SdkSource } from "./sdk-source.js";
import type { Field, ObjectType, Shape } from "./shape.js";

/** Resolves type expressions to shapes. Fields of an interface are resolved once. */
export class ShapeResolver {
  private readonly fieldsOf = new Map<InterfaceDeclaration, readonly Field[]>();

  constructor(private readonly source: SdkSource) {}

  shape(type: TypeExpression, scope: Scope): Shape {
    const atoms = this.atoms(type, scope).filter((atom) => atom.kind !== "null");
    return combine(atoms);
  }

  isNullable(type: TypeExpression, scope: Scope): boolean {
    return this.atoms(type, scope).some((atom) => atom.kind === "null");
  }

  /** The fields of an interface and its bases, the bases' first, a redeclared one at its first place. */
  fields(declaration: InterfaceDeclaration): readonly Field[] {
    const known = this.fieldsOf.get(declaration);
    if (known !== undefined) return known;
    const fields = new Map<string, Field>();
    for (const base of declaration.bases) {
      const found = resolveName(this.source, declaration.scope, base);
      if (found?.kind === "interface")
        for (const field of this.fields(found.declaration)) fields.set(field.name, field);
    }
    for (const field of this.membersToFields(declaration.members, declaration.scope)) fields.set(field.name, field);
    const resolved = [...fields.values()];
    this.fieldsOf.set(declaration, resolved);
    return resolved;
  }

  /** The interfaces that a type names, through aliases and unions. */
  interfaces(type: TypeExpression, scope: Scope): readonly InterfaceDeclaration[] {
    return this.atoms(type, scope).flatMap((atom) => (atom.kind === "object" ? (atom.type.declaration ?? []) : []));
  }

  private membersToFields(members: readonly Member[], scope: Scope): Field[] {
    return members.map((member) => ({
      name: member.name,
      shape: this.shape(member.type, scope),
      nullable: this.isNullable(member.type, scope),
      optional: member.optional,
      documentation: member.documentation,
    }));
  }

  /** The members of a type's union once every alias is followed. */
  private atoms(type: TypeExpression, scope: Scope): readonly Atom[] {
    switch (type.kind) {
      case "primitive":
        return type.name === "null" ? [{ kind: "null" }] : [{ kind: "primitive", name: type.name }];
      case "literal":
        return [{ kind: "literal", value: type.value }];
      case "map":
        return [{ kind: "map" }];
      case "array":
        return [{ kind: "array", element: () => this.shape(type.element, scope) }];
      case "union":
        return type.members.flatMap((member) => this.atoms(member, scope));
      case "object":
        return [{ kind: "object", type: this.literalObject(type.members, scope) }];
      case "reference":
        return this.referenceAtoms(type.name, type.arguments, scope);
    }
  }

  private referenceAtoms(name: string, typeArguments: readonly TypeExpression[], scope: Scope): readonly Atom[] {
    const [argument] = typeArguments;
    const wellKnown = wellKnownAtoms.get(name);
    if (wellKnown !== undefined) return wellKnown;
    if (argument !== undefined && name === "Emptyable") return [...this.atoms(argument, scope), { kind: "null" }];
    if (argument !== undefined && name === "Partial") return this.atoms(argument, scope);
    if (argument !== undefined && (name === "ApiList" || name === "V2List")) {
      return [{ kind: "list", element: () => this.shape(argument, scope) }];
    }
    const found = resolveName(this.source, scope, name);
    if (found?.kind === "alias") return this.aliasAtoms(found.declaration);
    if (found?.kind !== "interface") return [{ kind: "primitive", name: "unknown" }];
    return [{ kind: "object", type: this.namedObject(found.declaration) }];
  }

  private aliasAtoms({ name, type, scope }: AliasDeclaration): readonly Atom[] {
    const atoms = this.atoms(type, scope);
    return openEnums.has(`${scope.module} ${name}`) ? [...atoms, { kind: "open-enum" }] : atoms;
  }

  private literalObject(members: readonly Member[], scope: Scope): ObjectType {
    const fields = () => this.membersToFields(members, scope);
    return { declaration: undefined, isResource: false, hasId: false, fields };
  }

  private namedObject(declaration: InterfaceDeclaration): ObjectType {
    return {
      declaration,
      isResource: this.declaredMember(declaration, "object")?.type.kind === "literal",
      hasId: this.declaredMember(declaration, "id") !== undefined,
      fields: () => this.fields(declaration),
    };
  }

  /** Looks at the text alone, since resolving the fields of every type met would never end. */
  private declaredMember(declaration: InterfaceDeclaration, name: string): Member | undefined {
    const own = declaration.members.find((member) => member.name === name);
    if (own !== undefined) return own;
    for (const base of declaration.bases) {
      const found = resolveName(this.source, declaration.scope, base);
      const inherited = found?.kind === "interface" ? this.declaredMember(found.declaration, name) : undefined;
      if (inherited !== undefined) return inherited;
    }
    return undefined;
  }
}

/** A member of a union. Elements are functions because a type may lead back to itself. */
type Atom =
  | { readonly kind: "null" }
  | { readonly kind: "primitive"; readonly name: "string" | "number" | "bigint" | "boolean" | "unknown" }
  | { readonly kind: "literal"; readonly value: string | number | boolean }
  | { readonly kind: "open-enum" | "decimal" | "range" | "map" }
  | { readonly kind: "array" | "list"; readonly element: () => Shape }
  | { readonly kind: "object"; readonly type: ObjectType };

/** Names of the SDK's shared declarations whose meaning their own text does not show. */
const wellKnownAtoms: ReadonlyMap<string, readonly Atom[]> = new Map([
  ["OtherString", [{ kind: "open-enum" }]],
  ["Decimal", [{ kind: "decimal" }]],
  ["Metadata", [{ kind: "map" }]],
  ["MetadataParam", [{ kind: "map" }]],
  ["RangeQueryParam", [{ kind: "range" }]],
]);

function combine(atoms: readonly Atom[]): Shape {
  const kinds = new Set(atoms.map(family));
  if (kinds.has("range")) return { kind: "range", of: kinds.has("string") ? "string" : "number" };
  const objects = atoms.flatMap((atom) => (atom.kind === "object" ? [atom.type] : []));
  if (objects.length > 0) return combineObjects(objects, kinds);
  const [only, another] = kinds;
  if (only === undefined) return { kind: "any" };
  if (another === undefined) return single(only, atoms);
  return combineScalars(atoms, kinds);
}

type Family =
  | "string"
  | "number"
  | "integer"
  | "decimal"
  | "boolean"
  | "range"
  | "map"
  | "array"
  | "list"
  | "object"
  | "any";

function family(atom: Atom): Family {
  switch (atom.kind) {
    case "null":
      return "any";
    case "primitive":
      return atom.name === "bigint" ? "integer" : atom.name === "unknown" ? "any" : atom.name;
    case "literal":
      return typeof atom.value === "string" ? "string" : typeof atom.value === "number" ? "number" : "boolean";
    case "open-enum":
      return "string";
    case "decimal":
    case "range":
    case "map":
    case "array":
    case "list":
    case "object":
      return atom.kind;
  }
}

function single(only: Family, atoms: readonly Atom[]): Shape {
  switch (only) {
    case "string":
      return stringShape(atoms);
    case "number":
      return { kind: "number", words: [] };
    case "integer":
    case "decimal":
    case "boolean":
    case "map":
      return { kind: only };
    case "array":
    case "list":
      return { kind: only, element: elementOf(atoms) };
    case "range":
      return { kind: "range", of: "number" };
    case "object":
    case "any":
      return { kind: "any" };
  }
}

/** `string | Customer | DeletedCustomer`: an id, or the object where it is expanded. */
function combineObjects(objects: readonly ObjectType[], kinds: ReadonlySet<Family>): Shape {
  const declarations = objects.flatMap((object) => object.declaration ?? []);
  const others = [...kinds].filter((kind) => kind !== "object");
  if (others.length === 0) return { kind: "object", alternatives: objects };
  if (others.length === 1 && others[0] === "string" && declarations.length === objects.length) {
    // In parameters, `'now' | {…}` is no id: such objects have none.
    return objects.every((object) => object.hasId) ? { kind: "expandable", targets: declarations } : { kind: "any" };
  }
  return { kind: "any" };
}

/** `number | 'now'` stays a number that also accepts words; `Decimal | string` a decimal; any other mixture is open. */
function combineScalars(atoms: readonly Atom[], kinds: ReadonlySet<Family>): Shape {
  const isPairOf = (...pair: readonly Family[]) => kinds.size === pair.length && pair.every((kind) => kinds.has(kind));
  const words = enumValues(atoms);
  if (isPairOf("number", "string")) return words === undefined ? { kind: "any" } : { kind: "number", words };
  if (isPairOf("decimal", "string") || isPairOf("decimal", "number")) return { kind: "decimal" };
  if (isPairOf("array", "string")) return { kind: "array", element: elementOf(atoms) };
  return { kind: "any" };
}

function elementOf(atoms: readonly Atom[]): Shape {
  const elements = atoms.flatMap((atom) => (atom.kind === "array" || atom.kind === "list" ? [atom.element()] : []));
  return elements[0] ?? { kind: "any" };
}

/** Open enums are marked. Source: https://github.com/stripe/stripe-node#open-and-closed-enum */
function stringShape(atoms: readonly Atom[]): Shape {
  const words = enumValues(atoms);
  return { kind: "string", enumValues: words, closed: words !== undefined && !atoms.some(isOpenMark) };
}

const isOpenMark = (atom: Atom): boolean => atom.kind === "open-enum";

/** The words of an enum, open or closed; undefined where any string may stand. */
function enumValues(atoms: readonly Atom[]): readonly string[] | undefined {
  if (atoms.some((atom) => atom.kind === "primitive" && atom.name === "string")) return undefined;
  const words = atoms.flatMap((atom) =>
    atom.kind === "literal" && typeof atom.value === "string" ? [atom.value] : [],
  );
  const values = [...new Set(words)].filter((word) => word !== "");
  return values.length === 0 ? undefined : values;
}
