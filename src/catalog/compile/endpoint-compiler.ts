import type { Endpoint } from "../catalog.js";
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

function apiBase(name: string): Endpoint["apiBase"] {
  return name === "files" || name === "connect" || name === "meter_events" ? name : "api";
}
