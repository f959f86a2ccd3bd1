import type { CallExpression, Class, Expression, MethodDefinition, Node, ObjectExpression } from "oxc-parser";
import type { HttpMethod } from "../catalog.js";
import { parseSource } from "./source-parser.js";

/** What a resource's method sends, read from the SDK's implementation. */
export interface HttpCall {
  readonly method: HttpMethod;
  /** Template with its arguments as they are named there: "/v1/customers/{customerId}/tax_ids/{id}". */
  readonly path: string;
  readonly methodType: "list" | "search" | undefined;
  readonly apiBase: string;
  readonly streaming: boolean;
}

/** The calls of a JavaScript module by "Class.method". */
export function readHttpCalls(module: string, text: string): ReadonlyMap<string, HttpCall> {
  const calls = new Map<string, HttpCall>();
  for (const statement of parseSource(`${module}.js`, text).program.body) {
    if (statement.type !== "ExportNamedDeclaration" || statement.declaration?.type !== "ClassDeclaration") continue;
    for (const [name, call] of callsOf(statement.declaration)) calls.set(name, call);
  }
  return calls;
}

function callsOf(declaration: Class): [string, HttpCall][] {
  return declaration.body.body.flatMap((element) => {
    if (element.type !== "MethodDefinition" || element.key.type !== "Identifier") return [];
    const call = callOf(element);
    return call === undefined ? [] : [[`${declaration.id?.name}.${element.key.name}`, call]];
  });
}

/** Of a method with several calls (an account's own, or one by id), the one with the most arguments in its path. */
function callOf(method: MethodDefinition): HttpCall | undefined {
  const calls = [...requestCalls(method.value.body)].flatMap((call) => httpCall(call) ?? []);
  return calls.reduce<HttpCall | undefined>(
    (best, call) => (best === undefined || placeholderCount(call) > placeholderCount(best) ? call : best),
    undefined,
  );
}

function placeholderCount(call: HttpCall): number {
  return call.path.split("{").length;
}

/** `return this._makeRequest(…)`, directly in the method or in the branches of an `if`. */
function* requestCalls(node: Node | null): Generator<CallExpression> {
  if (node === null) return;
  if (node.type === "BlockStatement") for (const inner of node.body) yield* requestCalls(inner);
  if (node.type === "IfStatement") {
    yield* requestCalls(node.consequent);
    yield* requestCalls(node.alternate);
  }
  if (node.type !== "ReturnStatement" || node.argument?.type !== "CallExpression") return;
  for (const call of chainedCalls(node.argument)) if (isRequest(call.callee)) yield call;
}

/** `this._makeRequest(…).then(…)` is a call whose callee holds the call looked for. */
function* chainedCalls(call: CallExpression): Generator<CallExpression> {
  yield call;
  if (call.callee.type === "MemberExpression" && call.callee.object.type === "CallExpression") {
    yield* chainedCalls(call.callee.object);
  }
}

function isRequest(callee: Expression): boolean {
  return (
    callee.type === "MemberExpression" &&
    callee.property.type === "Identifier" &&
    callee.property.name === "_makeRequest"
  );
}

function httpCall(call: CallExpression): HttpCall | undefined {
  const [method, path, , , options] = call.arguments;
  if (method?.type !== "Literal" || path === undefined || path.type === "SpreadElement") return undefined;
  const template = pathTemplate(path);
  const verb = httpMethod(method.value);
  if (template === undefined || verb === undefined) return undefined;
  const settings = options?.type === "ObjectExpression" ? literalSettings(options) : new Map<string, unknown>();
  const methodType = settings.get("methodType");
  return {
    method: verb,
    path: template,
    methodType: methodType === "list" || methodType === "search" ? methodType : undefined,
    apiBase: String(settings.get("apiBase") ?? "api"),
    streaming: settings.get("streaming") === true,
  };
}

function httpMethod(value: unknown): HttpMethod | undefined {
  return value === "GET" || value === "POST" || value === "DELETE" ? value : undefined;
}

function pathTemplate(node: Expression): string | undefined {
  if (node.type === "Literal") return typeof node.value === "string" ? node.value : undefined;
  if (node.type !== "TemplateLiteral") return undefined;
  return node.quasis
    .map((quasi, index) => {
      const argument = node.expressions[index];
      return quasi.value.raw + (argument === undefined ? "" : `{${argumentName(argument)}}`);
    })
    .join("");
}

/** `encodeURIComponent(accountId)` -> `accountId`. */
function argumentName(node: Expression): string {
  const inner = node.type === "CallExpression" ? node.arguments[0] : node;
  return inner?.type === "Identifier" ? inner.name : "id";
}

function literalSettings(options: ObjectExpression): ReadonlyMap<string, unknown> {
  const settings = new Map<string, unknown>();
  for (const property of options.properties) {
    if (property.type !== "Property" || property.key.type !== "Identifier") continue;
    if (property.value.type === "Literal") settings.set(property.key.name, property.value.value);
  }
  return settings;
}
