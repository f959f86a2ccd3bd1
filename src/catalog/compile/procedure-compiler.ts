import type { Column, Parameter, Procedure, ProcedureResult } from "../catalog.js";
import { compileColumns } from "./column-compiler.js";
import type { Compilation } from "./compilation.js";
import { describe } from "./doc-comment.js";
import { compileEndpoint } from "./endpoint-compiler.js";
import { listPagination } from "./list-compiler.js";
import { procedureInputs } from "./overrides.js";
import { compileParameters } from "./parameter-compiler.js";
import { collectionOf, placeholdersOf } from "./path-template.js";
import { procedureName, resourceOf } from "./procedure-naming.js";
import type { SdkMethod } from "./sdk-method.js";

/** The procedures that methods make, each under a name of its own; API v2 gives way where both have one. */
export function compileProcedures(compilation: Compilation, methods: readonly SdkMethod[]): readonly Procedure[] {
  const used = new Set<string>();
  return methods.map((method) => {
    const name = procedureName(method);
    const unique = used.has(name.toLowerCase()) ? versionedName(name) : name;
    used.add(unique.toLowerCase());
    return compileProcedure(compilation, method, unique);
  });
}

/** `CreateAccountLink` -> `CreateV2AccountLink` */
function versionedName(name: string): string {
  return name.replace(/^([A-Z][a-z]+)/, "$1V2");
}

function compileProcedure(compilation: Compilation, method: SdkMethod, name: string): Procedure {
  const endpoint = compileEndpoint(method);
  const parameters = [...pathParameters(compilation, method, endpoint.path), ...bodyParameters(compilation, method)];
  return {
    ...endpoint,
    name,
    description: describe(method.documentation),
    parameters: [...parameters.filter(isRequired), ...parameters.filter((parameter) => !isRequired(parameter))],
    writes: method.call.method !== "GET",
    result: resultOf(compilation, method),
  };
}

function isRequired(parameter: Parameter): boolean {
  return parameter.required && parameter.path.length === 1;
}

function pathParameters(compilation: Compilation, method: SdkMethod, path: string): readonly Parameter[] {
  return placeholdersOf(path).map((placeholder) => ({
    name: `${pickedEntity(compilation, method, path, placeholder)}Id`,
    path: [placeholder],
    location: "path",
    type: "VARCHAR",
    jsonShape: undefined,
    required: true,
    emptyable: false,
    enumValues: undefined,
    description: "",
  }));
}

/** A placeholder picks from a table, also where test helpers act on it; or else from the method's own resource. */
function pickedEntity(compilation: Compilation, method: SdkMethod, path: string, placeholder: string): string {
  const collection = collectionOf(path, placeholder);
  const table =
    compilation.drafts.atCollection(collection) ??
    compilation.drafts.atCollection(collection.replace("/test_helpers", ""));
  if (table !== undefined) return table.name;
  const isNested = placeholdersOf(collection).length > 0 || placeholdersOf(path).length > 1;
  return isNested ? pascalOf(placeholder) : resourceOf(method).name;
}

function pascalOf(stripeName: string): string {
  return stripeName.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function bodyParameters(compilation: Compilation, method: SdkMethod): readonly Parameter[] {
  const overrides = procedureInputs[method.sdkMethod] ?? {};
  return compileParameters(compilation.parametersOf(method)).map((parameter) => {
    const override = parameter.path.length === 1 ? overrides[parameter.path[0] ?? ""] : undefined;
    return override === undefined ? parameter : { ...parameter, ...override };
  });
}

function resultOf(compilation: Compilation, method: SdkMethod): ProcedureResult {
  if (method.call.streaming) return { kind: "stream" };
  if (method.result.kind === "object") {
    const table = compilation.drafts.tableOfResult(method);
    if (table !== undefined) return { kind: "table", table: table.name, schema: table.schema };
    return { kind: "object", columns: resultColumns(compilation, method) };
  }
  const pagination = listPagination(method, compilation.parametersOf(method));
  return { kind: "list", pagination, columns: resultColumns(compilation, method) };
}

function resultColumns(compilation: Compilation, method: SdkMethod): readonly Column[] {
  const shape = compilation.resolver.shape(method.result.type, method.scope);
  return shape.kind === "object" ? compileColumns(shape.alternatives, compilation.referenceName) : [];
}
