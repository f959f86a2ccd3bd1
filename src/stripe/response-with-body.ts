import type { SdkHttpResponse } from "./http-route.js";

/** The response, its body read in another way. */
export function responseWithBody(response: SdkHttpResponse, toJSON: () => Promise<unknown>): SdkHttpResponse {
  return {
    getStatusCode: () => response.getStatusCode(),
    getHeaders: () => response.getHeaders(),
    getRawResponse: () => response.getRawResponse(),
    toStream: (whenComplete) => response.toStream(whenComplete),
    toJSON,
  };
}
