/** What the thread that makes a snapshot is started with. */
export interface MakerStart {
  readonly statements: readonly string[];
}

export type MessageFromMaker =
  | { readonly kind: "made"; readonly bytes: Uint8Array }
  | { readonly kind: "unmade"; readonly reason: string };
