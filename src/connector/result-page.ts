import { createHash } from "node:crypto";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
import { resultCharacters } from "./bounds.js";
import type { EntityFields } from "./connector.js";
import type { PagePosition } from "./page-token.js";
import { decodePageToken, digestOf, encodePageToken } from "./page-token.js";

type ResultPosition = Extract<PagePosition, { kind: "result" }>;

/**
 * One page of a statement's rows. The statement runs anew for each page, and the rows that were given are read again:
 * where they are not the same, the next page could have a row twice or lack one, so that there is none.
 */
export class ResultPage {
  readonly rows: EntityFields[] = [];
  readonly #maxRows: number;
  readonly #request: unknown;
  readonly #start: ResultPosition | undefined;
  readonly #digest = createHash("sha256");
  #count = 0;
  #characters = 0;
  #isCutBySize = false;

  /** @param request All that the result depends on: a token is good for the same alone. */
  constructor(maxRows: number, request: unknown, token: string | undefined) {
    this.#maxRows = maxRows;
    this.#request = request;
    const position = token === undefined ? undefined : decodePageToken(token, request);
    this.#start = position?.kind === "result" ? position : undefined;
  }

  /** True where rows are left out that would have made the answer too large. */
  get isCutBySize(): boolean {
    return this.#isCutBySize;
  }

  /** Takes the next row of the result; false for one that is beyond this page, 54000 for one beyond any. */
  take(row: EntityFields): boolean {
    if (this.#count === this.#first) this.requireSame();
    if (this.rows.length === this.#maxRows) return false;
    const text = JSON.stringify(row);
    if (this.#count >= this.#first && !this.#hasRoomFor(text.length)) return false;
    this.#digest.update(text).update("\n");
    this.#count += 1;
    if (this.#count > this.#first) this.rows.push(row);
    return true;
  }

  #hasRoomFor(characters: number): boolean {
    if (characters > resultCharacters) throw tooLarge();
    this.#characters += characters;
    this.#isCutBySize = this.#characters > resultCharacters;
    return !this.#isCutBySize;
  }

  /** Fails where the rows before this page are not those that were given; to be called at the result's end too. */
  requireSame(): void {
    if (this.#start === undefined || this.#count > this.#first) return;
    if (this.#count === this.#first && this.#rowsDigest() === this.#start.rows) return;
    throw new StripeSqlError("the rows before this page are no longer those that were given", {
      sqlState: SqlState.invalidParameterValue,
      phase: "execute",
      detail: "They were changed meanwhile, or the statement gives its rows in no certain order.",
      hint: "Begin again without the page token, with an ORDER BY that no two rows are alike in, or take more rows at once by maxRows.",
    });
  }

  nextToken(): string {
    return encodePageToken({ kind: "result", count: this.#count, rows: this.#rowsDigest() }, this.#request);
  }

  get #first(): number {
    return this.#start?.count ?? 0;
  }

  #rowsDigest(): string {
    return digestOf(this.#digest.copy().digest("base64url"));
  }
}

function tooLarge(): StripeSqlError {
  return new StripeSqlError("a row is too large for an answer", {
    sqlState: SqlState.programLimitExceeded,
    phase: "execute",
    detail: `An answer holds at most ${resultCharacters} characters.`,
    hint: "Select fewer columns, or a part of a text by substr(…).",
  });
}
