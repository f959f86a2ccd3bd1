/** One `Name=value` of a connection string, in the string's order. */
export interface ConnectionPair {
  readonly name: string;
  readonly value: string;
  /** Of the name, in the string. */
  readonly position: number;
}
