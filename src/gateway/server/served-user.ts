import type { ScramSecret } from "../authentication/scram-secret.js";

/** A user as the gateway knows it. */
export interface ServedUser {
  readonly name: string;
  /** Undefined for one that needs no password. */
  readonly secret: ScramSecret | undefined;
  /** Name of the connection that its statements run on. */
  readonly connection: string;
  readonly readOnly: boolean;
}
