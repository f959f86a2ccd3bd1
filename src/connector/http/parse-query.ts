import { RpcFailure } from "./rpc-failure.js";

/** A parameter that is given more than once is a list. */
export type QueryParameters = Readonly<Record<string, string | readonly string[]>>;

/** The parameters of a URL. Refuses what is not percent-encoded UTF-8, where a lenient reader would take it as it stands. */
export function parseQuery(url: string): QueryParameters {
  const parameters: Record<string, string | string[]> = Object.create(null);
  const start = url.indexOf("?");
  const text = start < 0 ? "" : url.slice(start + 1);
  for (const pair of text.split("&").filter((one) => one !== "")) {
    const middle = pair.indexOf("=");
    const name = decode(middle < 0 ? pair : pair.slice(0, middle));
    const value = decode(middle < 0 ? "" : pair.slice(middle + 1));
    const before = parameters[name];
    parameters[name] = before === undefined ? value : [before, value].flat();
  }
  return parameters;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw new RpcFailure("the query of the URL is not percent-encoded UTF-8", {
      status: "INVALID_ARGUMENT",
      reason: "MALFORMED_URL",
    });
  }
}
