import type { SchemaName } from "../catalog.js";
import type { InterfaceDeclaration } from "./declaration.js";
import { entityName } from "./entity-name.js";
import { resolveName } from "./name-resolver.js";
import { capitalised, singular } from "./naming.js";
import { separateNestedLists } from "./overrides.js";
import { anonymousPath, collectionOf, placeholdersOf } from "./path-template.js";
import type { SdkMethod } from "./sdk-method.js";
import type { SdkSource } from "./sdk-source.js";
import type { ObjectType } from "./shape.js";
import type { ShapeResolver } from "./shape-resolver.js";

/** A table before its columns: its name, its rows' type and the calls that list it. */
export interface TableDraft {
  readonly schema: SchemaName;
  readonly name: string;
  /** Identity of the declared type of its rows. */
  readonly entity: string;
  readonly rows: readonly ObjectType[];
  /** The list over the whole account first. */
  readonly lists: SdkMethod[];
  /** True where a list is one object. */
  readonly singleton: boolean;
}

/** Every table that the SDK's list and parameterless retrieve methods make. */
export class TableDrafts {
  readonly all: TableDraft[] = [];
  private readonly byPath = new Map<string, TableDraft>();

  constructor(
    private readonly source: SdkSource,
    private readonly resolver: ShapeResolver,
    methods: readonly SdkMethod[],
  ) {
    for (const method of methods) if (isTopLevelList(method)) this.addTopLevel(method, this.entityOf(method).name);
    const singletons = methods.filter((method) => this.isSingleton(method));
    for (const method of singletons) if (placeholdersOf(method.call.path).length === 0) this.addSingleton(method);
    this.addNested(methods.filter((method) => isList(method) && this.parentsOf(method) !== undefined));
    for (const method of singletons) if (placeholdersOf(method.call.path).length > 0) this.addSingleton(method);
  }

  /** The table whose items a path's placeholder picks: Invoice for "/v1/invoices/{}". */
  atCollection(path: string): TableDraft | undefined {
    return this.byPath.get(anonymousPath(path));
  }

  /** The tables that a path's placeholders pick from; undefined where one of them is no table. */
  parentsOf(method: SdkMethod): readonly TableDraft[] | undefined {
    const placeholders = placeholdersOf(method.call.path);
    const parents = placeholders.map((name) => this.atCollection(collectionOf(method.call.path, name)));
    return parents.length > 0 && parents.every((parent) => parent !== undefined) ? parents : undefined;
  }

  /** The one table whose rows are of these declarations; what is deleted counts as what it was. */
  tableOf(declarations: readonly InterfaceDeclaration[]): TableDraft | undefined {
    const live = declarations.filter((declaration) => !declaration.name.startsWith("Deleted"));
    const tables = new Set(live.map((declaration) => this.tableOfDeclaration(declaration)));
    const [only] = tables;
    return tables.size === 1 ? only : undefined;
  }

  /** The table that a method's result is a row of. */
  tableOfResult(method: SdkMethod): TableDraft | undefined {
    const { key } = this.entityOf(method);
    const named = this.all.find((draft) => draft.entity === key);
    return named ?? this.tableOf(this.resolver.interfaces(method.result.type, method.scope));
  }

  private tableOfDeclaration(declaration: InterfaceDeclaration): TableDraft | undefined {
    const key = entityKey(declaration.scope.module, declaration.name);
    const candidates = this.all.filter((draft) => draft.entity === key);
    const [first, second] = candidates;
    const isSecondView = second !== undefined && (second.singleton || separates(second));
    return candidates.length === 1 || isSecondView ? first : undefined;
  }

  private addTopLevel(method: SdkMethod, name: string): void {
    const { schema, key } = this.entityOf(method);
    const draft = { schema, name, entity: key, rows: this.rowsOf(method), lists: [method], singleton: false };
    this.all.push(draft);
    this.byPath.set(anonymousPath(method.call.path), draft);
  }

  /** A list under another object: one more way to a table, or a table of its own. */
  private addNested(methods: readonly SdkMethod[]): void {
    const own: SdkMethod[] = [];
    for (const method of methods) {
      const { key } = this.entityOf(method);
      const existing = this.all.find((draft) => draft.entity === key);
      if (existing === undefined || separateNestedLists.has(anonymousPath(method.call.path))) own.push(method);
      else existing.lists.push(method);
    }
    for (const method of own) {
      const { name, key } = this.entityOf(method);
      const isShared = own.filter((other) => this.entityOf(other).key === key).length > 1;
      const isTaken = this.all.some((draft) => draft.entity === key);
      this.addTopLevel(method, isShared || isTaken ? this.nestedName(method) : name);
    }
  }

  /** `listComputedUpfrontLineItems` of Quote -> QuoteComputedUpfrontLineItem */
  private nestedName(method: SdkMethod): string {
    const parent = this.parentsOf(method)?.at(-1)?.name ?? "";
    return parent + capitalised(singular(method.name.replace(/^list/, "")));
  }

  /** `retrieveCurrent` of Account -> CurrentAccount, since Account is a table already. */
  private addSingleton(method: SdkMethod): void {
    const { schema, name, key } = this.entityOf(method);
    const isTaken = this.all.some((draft) => draft.entity === key);
    const ownName = isTaken ? capitalised(method.name.replace(/^retrieve/, "")) + name : name;
    this.all.push({ schema, name: ownName, entity: key, rows: this.rowsOf(method), lists: [method], singleton: true });
  }

  private isSingleton(method: SdkMethod): boolean {
    const { path, method: verb } = method.call;
    if (verb !== "GET" || method.result.kind !== "object" || path.endsWith("}")) return false;
    if (!method.name.startsWith("retrieve") || this.requiresParameters(method)) return false;
    return placeholdersOf(path).length === 0 || this.parentsOf(method) !== undefined;
  }

  private requiresParameters(method: SdkMethod): boolean {
    if (method.parameters === undefined) return false;
    const shape = this.resolver.shape(method.parameters, method.scope);
    return shape.kind === "object" && shape.alternatives.some((type) => type.fields().some((field) => !field.optional));
  }

  private rowsOf(method: SdkMethod): readonly ObjectType[] {
    const shape = this.resolver.shape(method.result.type, method.scope);
    return shape.kind === "object" ? shape.alternatives : [];
  }

  private entityOf(method: SdkMethod): { readonly schema: SchemaName; readonly name: string; readonly key: string } {
    const { type } = method.result;
    const found = type.kind === "reference" ? resolveName(this.source, method.scope, type.name) : undefined;
    if (found === undefined || found.kind === "class") return { schema: "stripe", name: "", key: method.sdkMethod };
    const { scope, name } = found.declaration;
    return { ...entityName(scope, name), key: entityKey(scope.module, name) };
  }
}

function entityKey(module: string, name: string): string {
  return `${module}#${name}`;
}

function separates(draft: TableDraft): boolean {
  return draft.lists.some((method) => separateNestedLists.has(anonymousPath(method.call.path)));
}

function isList(method: SdkMethod): boolean {
  return method.result.kind === "list" || method.result.kind === "v2-list";
}

function isTopLevelList(method: SdkMethod): boolean {
  return isList(method) && method.name === "list" && placeholdersOf(method.call.path).length === 0;
}
