import type { ClassDeclaration, MethodDeclaration, Scope, TypeExpression } from "./declaration.js";
import type { HttpCall } from "./http-call-reader.js";
import { resolveName } from "./name-resolver.js";
import type { SdkSource } from "./sdk-source.js";

/** One call of Stripe's API: its signature out of the declarations, its request out of the implementation. */
export interface SdkMethod {
  /** "invoices.listLineItems" */
  readonly sdkMethod: string;
  /** "listLineItems" */
  readonly name: string;
  readonly scope: Scope;
  readonly documentation: string;
  readonly call: HttpCall;
  /** The type of the request's parameters, where it takes any. */
  readonly parameters: TypeExpression | undefined;
  readonly result: ResultType;
}

export interface ResultType {
  readonly kind: "list" | "v2-list" | "search" | "object";
  readonly type: TypeExpression;
}

/**
 * Every method reachable from the SDK's `Stripe` class that sends a request of its own; of two names for one
 * class (`accounts`, `account`) the first.
 */
export function readSdkMethods(source: SdkSource): readonly SdkMethod[] {
  const root = source.declarations("stripe.core").classes.get("Stripe");
  const methods = root === undefined ? [] : [...methodsBelow(source, root, [])];
  const byImplementation = new Map<string, SdkMethod>();
  for (const method of methods) {
    const implementation = `${method.scope.module}#${method.name}`;
    if (!byImplementation.has(implementation)) byImplementation.set(implementation, method);
  }
  return [...byImplementation.values()];
}

function* methodsBelow(
  source: SdkSource,
  declaration: ClassDeclaration,
  path: readonly string[],
): Generator<SdkMethod> {
  if (declaration.base === "StripeResource") yield* methodsOf(source, declaration, path);
  for (const property of declaration.properties) {
    const scope = { module: declaration.module, namespace: "" };
    const found = resolveName(source, scope, property.typeName);
    const isResource = found?.kind === "class" && found.declaration.module.startsWith("resources/");
    if (isResource) yield* methodsBelow(source, found.declaration, [...path, property.name]);
  }
}

function* methodsOf(source: SdkSource, declaration: ClassDeclaration, path: readonly string[]): Generator<SdkMethod> {
  const calls = source.httpCalls(declaration.module);
  const names = new Set(declaration.methods.map((method) => method.name));
  for (const name of names) {
    const call = calls.get(`${declaration.name}.${name}`);
    const overloads = declaration.methods.filter((method) => method.name === name);
    const signature = overloads.find((overload) => parametersType(overload) !== undefined) ?? overloads[0];
    if (call === undefined || signature === undefined) continue;
    yield {
      sdkMethod: [...path, name].join("."),
      name,
      scope: { module: declaration.module, namespace: "" },
      documentation: overloads.map((overload) => overload.documentation).find((text) => text !== "") ?? "",
      call,
      parameters: parametersType(signature),
      result: resultType(signature.returns),
    };
  }
}

function parametersType(method: MethodDeclaration): TypeExpression | undefined {
  return method.parameters
    .map(({ type }) => type)
    .find((type) => type.kind === "reference" && type.name.endsWith("Params"));
}

const listPromises = new Map<string, ResultType["kind"]>([
  ["ApiListPromise", "list"],
  ["V2ListPromise", "v2-list"],
  ["ApiSearchResultPromise", "search"],
]);

/** `Promise<Response<Invoice>>` -> Invoice; `ApiListPromise<Invoice>` -> a list of Invoice. */
function resultType(type: TypeExpression): ResultType {
  const [argument] = type.kind === "reference" ? type.arguments : [];
  if (type.kind !== "reference" || argument === undefined) return { kind: "object", type };
  const list = listPromises.get(type.name);
  if (list !== undefined) return { kind: list, type: argument };
  return type.name === "Promise" || type.name === "Response" ? resultType(argument) : { kind: "object", type };
}
