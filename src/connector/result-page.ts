import { createHash } from "node:crypto";
import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";
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

  /** @param request All that the result depends on: a token is good for the same alone. */
  constructor(maxRows: number, request: unknown, token: string | undefined) {
    this.#maxRows = maxRows;
    this.#request = request;
    const position = token === undefined ? undefined : decodePageToken(token, request);
    this.#start = position?.kind === "result" ? position : undefined;
  }

  /** Takes the next row of the result; false for one that is beyond this page. */
  take(row: EntityFields): boolean {
    if (this.#count === this.#first) this.requireSame();
    if (this.rows.length === this.#maxRows) return false;
    this.#digest.update(JSON.stringify(row)).update("\n");
    this.#count += 1;
    if (this.#count > this.#first) this.rows.push(row);
    return true;
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
