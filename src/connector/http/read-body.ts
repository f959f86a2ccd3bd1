import type { FastifyRequest } from "fastify";
import type { Json } from "../../value/json.js";
import { JsonError, parseJson } from "./parse-json.js";
import { RpcFailure } from "./rpc-failure.js";

/** Refuses a body in another encoding than the one that is read here. */
export function checkEncoding({ headers }: FastifyRequest): void {
  const encoding = headers["content-encoding"] ?? "identity";
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(headers["content-type"] ?? "")?.[1] ?? "utf-8";
  if (encoding.toLowerCase() === "identity" && /^(?:utf-?8|us-ascii)$/i.test(charset)) return;
  throw new RpcFailure("the body is to be UTF-8 and not compressed", {
    status: "INVALID_ARGUMENT",
    reason: "UNSUPPORTED_ENCODING",
    httpStatus: 415,
  });
}

/** The value of a JSON body; undefined for an empty one. */
export function readBody(body: Buffer): Json | undefined {
  if (body.length === 0) return undefined;
  const text = decode(body);
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const { message, position } = error;
    throw malformed(`${message}, ${placeOf(text, position)}`, { position: String(position) });
  }
}

function decode(body: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw malformed("it is not UTF-8", {});
  }
}

/** "line 2, column 7" */
function placeOf(text: string, position: number): string {
  const lineStart = text.lastIndexOf("\n", position - 1) + 1;
  const line = text.slice(0, lineStart).split("\n").length;
  return `line ${line}, column ${position - lineStart + 1}`;
}

function malformed(message: string, metadata: Readonly<Record<string, string>>): RpcFailure {
  return new RpcFailure(`the body is not valid JSON: ${message}`, {
    status: "INVALID_ARGUMENT",
    reason: "MALFORMED_JSON",
    metadata,
  });
}
