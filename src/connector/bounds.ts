import type { TextBounds } from "../syntax/text-bounds.js";

/** What a call's SQL may hold. A program's own connection has no such bounds: a script of many megabytes runs there. */
export const sqlBounds: TextBounds = { length: 256 * 1024, semicolons: 100, depth: 200, conjunctions: 5000 };

/** Characters of all values of a call's parameters together. */
export const parameterCharacters = 1024 * 1024;

/** Characters of a result, as JSON: nodes hold it whole, and so does the server. */
export const resultCharacters = 32 * 1024 * 1024;
