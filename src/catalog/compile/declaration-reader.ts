import { posix } from "node:path";
import type {
  Class,
  ClassElement,
  Directive,
  ExportNamedDeclaration,
  Function as FunctionNode,
  ImportDeclaration,
  MethodDefinition,
  ParamPattern,
  PropertyDefinition,
  Statement,
  TSInterfaceDeclaration,
  TSModuleDeclaration,
  TSSignature,
  TSTypeAliasDeclaration,
} from "oxc-parser";
import type {
  AliasDeclaration,
  ClassDeclaration,
  ImportedName,
  InterfaceDeclaration,
  Member,
  MethodDeclaration,
  ModuleDeclarations,
  Scope,
  TypeExpression,
} from "./declaration.js";
import { documentationByPosition } from "./doc-comment.js";
import { parseSource } from "./source-parser.js";
import { dottedName, readType } from "./type-reader.js";

/** Reads one declaration file; `module` is its path below the SDK's root without extension. */
export function readDeclarations(module: string, text: string): ModuleDeclarations {
  const { program, comments } = parseSource(`${module}.d.ts`, text);
  const reader = new DeclarationReader(module, documentationByPosition(text, comments));
  reader.readStatements(program.body, "");
  return reader;
}

class DeclarationReader implements ModuleDeclarations {
  readonly interfaces = new Map<string, InterfaceDeclaration>();
  readonly aliases = new Map<string, AliasDeclaration>();
  readonly classes = new Map<string, ClassDeclaration>();
  readonly imports = new Map<string, ImportedName>();

  constructor(
    readonly module: string,
    private readonly documentation: ReadonlyMap<number, string>,
  ) {}

  readStatements(statements: readonly (Statement | Directive)[], namespace: string): void {
    for (const statement of statements) {
      if (statement.type === "ImportDeclaration") this.readImport(statement);
      else if (statement.type === "ExportNamedDeclaration") this.readExport(statement, namespace);
      else this.readDeclaration(statement, namespace, statement.start);
    }
  }

  private readImport(node: ImportDeclaration): void {
    for (const specifier of node.specifiers) {
      const name = specifier.type === "ImportSpecifier" ? nameOf(specifier.imported) : "*";
      this.imports.set(specifier.local.name, { module: this.moduleAt(node.source.value), name });
    }
  }

  /** A documentation comment stands before `export`, not before what is exported. */
  private readExport(node: ExportNamedDeclaration, namespace: string): void {
    if (node.declaration !== null) this.readDeclaration(node.declaration, namespace, node.start);
    else if (node.source !== null) this.readReexports(node.source.value, node.specifiers);
  }

  private readDeclaration(node: Statement | Directive, namespace: string, start: number): void {
    if (node.type === "TSInterfaceDeclaration") this.readInterface(node, namespace, start);
    else if (node.type === "TSTypeAliasDeclaration") this.readAlias(node, namespace);
    else if (node.type === "TSModuleDeclaration" && node.kind !== "global") this.readNamespace(node, namespace);
    else if (node.type === "ClassDeclaration") this.readClass(node);
  }

  private readReexports(source: string, specifiers: readonly { local: NamedNode; exported: NamedNode }[]): void {
    for (const { local, exported } of specifiers) {
      this.imports.set(nameOf(exported), { module: this.moduleAt(source), name: nameOf(local) });
    }
  }

  private readInterface(node: TSInterfaceDeclaration, namespace: string, start: number): void {
    const name = qualified(namespace, node.id.name);
    const members = node.body.body.flatMap((signature) => this.memberOf(signature));
    const earlier = this.interfaces.get(name);
    this.interfaces.set(name, {
      name,
      scope: this.scope(namespace),
      documentation: this.documentation.get(start) ?? earlier?.documentation ?? "",
      bases: node.extends.flatMap((base) => dottedName(base.expression) ?? []),
      members: [...(earlier?.members ?? []), ...members],
    });
  }

  private memberOf(signature: TSSignature): Member[] {
    if (signature.type !== "TSPropertySignature" || signature.typeAnnotation === null) return [];
    if (signature.key.type !== "Identifier" && signature.key.type !== "Literal") return [];
    return [
      {
        name: signature.key.type === "Identifier" ? signature.key.name : String(signature.key.value),
        type: readType(signature.typeAnnotation.typeAnnotation, (inner) => this.memberOf(inner)),
        optional: signature.optional,
        documentation: this.documentation.get(signature.start) ?? "",
      },
    ];
  }

  private readAlias(node: TSTypeAliasDeclaration, namespace: string): void {
    const name = qualified(namespace, node.id.name);
    const type = readType(node.typeAnnotation, (signature) => this.memberOf(signature));
    this.aliases.set(name, { name, scope: this.scope(namespace), type });
  }

  private readNamespace(node: TSModuleDeclaration, namespace: string): void {
    if (node.id.type !== "Identifier" || node.body?.type !== "TSModuleBlock") return;
    this.readStatements(node.body.body, qualified(namespace, node.id.name));
  }

  private readClass(node: Class): void {
    if (node.id === null) return;
    const elements = node.body.body;
    this.classes.set(node.id.name, {
      name: node.id.name,
      module: this.module,
      base: node.superClass === null ? undefined : dottedName(node.superClass),
      properties: elements.filter(isProperty).flatMap(propertyOf),
      methods: elements.filter(isMethod).flatMap((method) => this.methodOf(method)),
    });
  }

  private methodOf(method: MethodDefinition): MethodDeclaration[] {
    const returnType = method.value.returnType;
    if (method.key.type !== "Identifier" || !returnType) return [];
    return [
      {
        name: method.key.name,
        documentation: this.documentation.get(method.start) ?? "",
        parameters: parametersOf(method.value),
        returns: readType(returnType.typeAnnotation, () => []),
      },
    ];
  }

  private scope(namespace: string): Scope {
    return { module: this.module, namespace };
  }

  private moduleAt(source: string): string {
    return posix.join(posix.dirname(this.module), source.replace(/\.js$/, ""));
  }
}

type NamedNode = { readonly type: string; readonly name?: string; readonly value?: unknown };

function nameOf(node: NamedNode): string {
  return node.name ?? String(node.value);
}

function qualified(namespace: string, name: string): string {
  return namespace === "" ? name : `${namespace}.${name}`;
}

function isProperty(element: ClassElement): element is PropertyDefinition {
  return element.type === "PropertyDefinition";
}

function isMethod(element: ClassElement): element is MethodDefinition {
  return element.type === "MethodDefinition" || element.type === "TSAbstractMethodDefinition";
}

function propertyOf(property: PropertyDefinition): { name: string; typeName: string }[] {
  const type = property.typeAnnotation?.typeAnnotation;
  if (property.static || property.key.type !== "Identifier" || type?.type !== "TSTypeReference") return [];
  const typeName = dottedName(type.typeName);
  return typeName === undefined ? [] : [{ name: property.key.name, typeName }];
}

function parametersOf(value: FunctionNode): { name: string; type: TypeExpression }[] {
  return value.params.flatMap((parameter: ParamPattern) => {
    if (parameter.type !== "Identifier" || !parameter.typeAnnotation) return [];
    return [{ name: parameter.name, type: readType(parameter.typeAnnotation.typeAnnotation, () => []) }];
  });
}
