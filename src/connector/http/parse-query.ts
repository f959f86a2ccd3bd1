import { RpcFailure } from "./rpc-failure.js";

/** A parameter that is given more than once is a list. */
export type QueryParameters = Readonly<Record<string, string | readonly string[]>>;

/** No call takes nearly as many. */
const maximumParameters = 1000;

/**
 * The parameters of a URL, in a time that grows with its length alone. Refuses what is not percent-encoded UTF-8, where a
 * lenient reader would take it as it stands.
 */
export function parseQuery(url: string): QueryParameters {
  const start = url.indexOf("?");
  const text = start < 0 ? "" : url.slice(start + 1);
  const pairs = text.split("&").filter((one) => one !== "");
  if (pairs.length > maximumParameters) throw malformed(`the URL has more than ${maximumParameters} query parameters`);
  const parameters: Record<string, string | string[]> = Object.create(null);
  for (const pair of pairs) {
    const middle = pair.indexOf("=");
    const name = decode(middle < 0 ? pair : pair.slice(0, middle));
    const value = decode(middle < 0 ? "" : pair.slice(middle + 1));
    const before = parameters[name];
    if (Array.isArray(before)) before.push(value);
    else parameters[name] = before === undefined ? value : [before, value];
  }
  return parameters;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw malformed("the query of the URL is not percent-encoded UTF-8");
  }
}

function malformed(message: string): RpcFailure {
  return new RpcFailure(message, { status: "INVALID_ARGUMENT", reason: "MALFORMED_URL" });
}
