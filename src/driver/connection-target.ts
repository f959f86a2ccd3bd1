/** Where statements go. */
export type ConnectionTarget =
  | { readonly kind: "sandbox"; readonly customers: number | undefined; readonly seed: number | undefined }
  | { readonly kind: "server"; readonly apiKey: string; readonly apiBase: string }
  /** The key is the value of "projects/P/secrets/S/versions/V". */
  | { readonly kind: "secret"; readonly secretName: string; readonly apiBase: string };
