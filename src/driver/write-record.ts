/** A statement that wrote, or may have: which one, and what it sent. It holds no values but ids. */
export interface WriteRecord {
  /** "UPDATE", "EXECUTE" */
  readonly command: string;
  /** Its text without literals and comments: "UPDATE Customer SET Name = *** WHERE Id = ***". */
  readonly statement: string;
  /** Objects written. */
  readonly affectedRows: number;
  /** In the order of the statement. */
  readonly calls: readonly RecordedCall[];
  /** The first failure: its SQLSTATE and Stripe's code. */
  readonly failure?: { readonly sqlState: string; readonly code?: string };
}

/** One call of a write. */
export interface RecordedCall {
  readonly method: string;
  /** "/v1/customers/cus_1" */
  readonly path: string;
  /** "no match": its object was not there. "in doubt": it may have been carried out. */
  readonly state: "written" | "failed" | "in doubt" | "not tried" | "no match";
  /** Of the object, where it is known. */
  readonly id?: string;
  /** The Connect account, where it is not the key's own. */
  readonly accountId?: string;
  readonly idempotencyKey?: string;
  /** Stripe's, of the last answer. */
  readonly requestId?: string;
}
