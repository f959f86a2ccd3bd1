/** Where secrets are read by name. */
export interface SecretSource {
  /**
   * The value of "projects/P/secrets/S/versions/V". It is read once and kept for the whole process; a failure is
   * not kept. `signal` ends the wait and rejects with its reason.
   */
  read(name: string, signal?: AbortSignal): Promise<string>;
  /** Has the next `read` ask again, for a secret that was changed. */
  forget(name: string): void;
  close(): Promise<void>;
}
