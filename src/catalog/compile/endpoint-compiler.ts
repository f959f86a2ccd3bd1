import type { Endpoint } from "../catalog.js";
import type { Compilation } from "./compilation.js";
import { namedPath } from "./path-template.js";
import type { SdkMethod } from "./sdk-method.js";

/** The request of a method, its placeholders named after what they pick. */
export function compileEndpoint(method: SdkMethod): Endpoint {
  return {
    method: method.call.method,
    path: namedPath(method.call.path),
    sdkMethod: method.sdkMethod,
    apiBase: apiBase(method.call.apiBase),
  };
}

/** The words that the parameter `include` of a call takes; undefined where it has none. */
export function includesOf(compilation: Compilation, method: SdkMethod): readonly string[] | undefined {
  const shape = compilation.parametersOf(method).find(({ name }) => name === "include")?.shape;
  const element = shape?.kind === "array" ? shape.element : undefined;
  return element?.kind === "string" ? element.enumValues : undefined;
}

function apiBase(name: string): Endpoint["apiBase"] {
  return name === "files" || name === "connect" || name === "meter_events" ? name : "api";
}
