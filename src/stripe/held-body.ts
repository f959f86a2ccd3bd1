import { isAscii } from "node:buffer";
import { parseJsonBytes } from "../value/exact-number.js";
import type { Json, JsonObject } from "../value/json.js";
import { isJsonObject } from "../value/json.js";
import { readJsonList } from "../value/json-list.js";
import type { SdkHttpResponse } from "./http-route.js";
import { UnreadableAnswer } from "./unreadable-answer.js";

/**
 * The body of an answer, on its way through the SDK. It is not parsed yet: how much of it is read, the request knows, which
 * the SDK's HTTP client does not see. Nor does the SDK see a field `error` in it, which it takes for a failure in an answer
 * of 200 too, as of a report run that failed.
 */
export class HeldBody {
  readonly #bytes: Buffer;
  readonly #response: SdkHttpResponse;

  constructor(bytes: Buffer, response: SdkHttpResponse) {
    this.#bytes = bytes;
    this.#response = response;
  }

  /** @throws SyntaxError where it is no JSON */
  json(): Json {
    // A text of ASCII alone is made in a fraction of the time.
    const text = this.#bytes.toString(isAscii(this.#bytes) ? "latin1" : "utf8");
    return parseJsonBytes(this.#bytes, text) as Json;
  }

  /**
   * @param fields Where it is a list, those of its rows that are read; undefined: all.
   * @throws UnreadableAnswer where it is no object in JSON
   */
  object(fields?: ReadonlySet<string>): JsonObject {
    const value = (fields && this.#listWith(fields)) ?? this.#whole();
    if (!isJsonObject(value)) throw new UnreadableAnswer(this.#response);
    return value;
  }

  /** Undefined where it cannot be read as one: all of it is then. */
  #listWith(fields: ReadonlySet<string>): JsonObject | undefined {
    try {
      return readJsonList(this.#bytes, fields);
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  #whole(): Json {
    try {
      return this.json();
    } catch (error) {
      throw error instanceof SyntaxError ? new UnreadableAnswer(this.#response, error) : error;
    }
  }
}
