import { z } from "zod";
import { isSecretVersionName } from "../../stripe/secret/secret-version-name.js";
import { isReservedName } from "./is-reserved-name.js";

const text = (rule: string) => ({
  error: ({ input }: { readonly input: unknown }) =>
    input === undefined ? `is missing: it must be ${rule}` : `must be ${rule}`,
});

const nameRule = "a name of 1 to 63 characters, none that PostgreSQL keeps for itself (pg_…, public, none)";
const passwordRule =
  "one of {env: NAME}, {file: PATH}, {secret_version: projects/…/secrets/…/versions/…} and {verifier: SCRAM-SHA-256$…}: a password itself does not belong in a file";
const verifierRule = "a verifier as PostgreSQL stores it: SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>";
const secretRule = "the name of a secret's version (projects/…/secrets/…/versions/…)";

/** Where a password is to be had: it never stands in the file itself. */
const passwordForm = z.union(
  [
    z.strictObject({ env: z.string().regex(/^[A-Za-z_]\w*$/) }),
    z.strictObject({ file: z.string().min(1) }),
    z.strictObject({
      secret_version: z.string(text(secretRule)).refine(isSecretVersionName, text(secretRule)),
    }),
    z.strictObject({
      verifier: z
        .string(text(verifierRule))
        .regex(/^SCRAM-SHA-256\$\d{1,7}:[\w+/=]+\$[\w+/=]{44}:[\w+/=]{44}$/, text(verifierRule)),
    }),
  ],
  text(passwordRule),
);

/** Who may connect to the gateway, as a file describes them. */
export const usersForm = z.strictObject(
  {
    users: z
      .array(
        z.strictObject(
          {
            name: z
              .string(text(nameRule))
              .regex(/^[^\0]{1,63}$/, text(nameRule))
              .refine((name) => !isReservedName(name), text(nameRule))
              .describe("Name that the user connects by."),
            password: passwordForm.describe("Where the password, or what it is checked by, is to be had."),
            connection: z
              .string(text("the name of a connection that is served"))
              .describe("Connection that the user's statements run on; default the one that is served.")
              .optional(),
            read_only: z
              .boolean(text("true or false"))
              .describe("True refuses what would change the account. Default false.")
              .optional(),
          },
          text("a mapping of name, password, connection and read_only"),
        ),
        text("a list of users"),
      )
      .min(1, text("a list of at least one user")),
  },
  text("a mapping with the key users"),
);

export type UsersForm = z.infer<typeof usersForm>;
export type PasswordForm = z.infer<typeof passwordForm>;
