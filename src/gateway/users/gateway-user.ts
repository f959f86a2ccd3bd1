import type { PasswordForm } from "./users-form.js";

/** One who may connect. */
export interface GatewayUser {
  readonly name: string;
  readonly password: PasswordForm;
  /** Name of the connection that its statements run on; undefined where there is but one. */
  readonly connection: string | undefined;
  readonly readOnly: boolean;
}
