import { z } from "zod";
import { isSecretVersionName } from "../../stripe/secret/secret-version-name.js";
import type { PropertyKey } from "../connection-property-schema.js";
import {
  connectionPropertySchema,
  propertyDocumentation,
  propertyKeys,
  publicName,
} from "../connection-property-schema.js";

/** Parts of zod's issues that a rule looks at. */
interface RawIssue {
  readonly input: unknown;
}

interface Rule {
  readonly error: (issue: RawIssue) => string;
}

/** What is wrong with a value that is not of its form, and with one that is not there. */
function rule(text: string): Rule {
  return { error: ({ input }) => (input === undefined ? `is missing: it must be ${text}` : `must be ${text}`) };
}

const mapping = rule("a mapping");

/** A text or number that the connection property of this name takes. */
function property<Base extends z.ZodType>(key: PropertyKey, base: (ofKey: Rule) => Base) {
  const schema = connectionPropertySchema.shape[key];
  const documentation = propertyDocumentation.get(schema);
  const ofKey = rule(documentation?.rule ?? "");
  return base(ofKey)
    .refine((value) => schema.safeParse(value).success, ofKey)
    .describe(documentation?.description ?? "");
}

const text = (ofKey: Rule) => z.string(ofKey);
const whole = (ofKey: Rule) => z.int(ofKey);
const flag = (description: string) => z.boolean(rule("true or false")).describe(description);

const secretVersion = "the name of a secret's version (projects/…/secrets/…/versions/…)";

/** Where a secret is to be had. It never stands in the file itself. */
function secret(what: string) {
  return z
    .strictObject(
      {
        secret_version: z
          .string(rule(secretVersion))
          .refine(isSecretVersionName, rule(secretVersion))
          .describe("Secret Manager version that holds it: projects/P/secrets/S/versions/V, V a number or latest.")
          .optional(),
        env: z
          .string(rule("the name of an environment variable"))
          .regex(/^[A-Za-z_]\w*$/, rule("the name of an environment variable"))
          .describe("Environment variable that holds it when the connection is opened.")
          .optional(),
      },
      rule(
        `{secret_version: projects/…/secrets/…/versions/…} or {env: NAME}: ${what} itself does not belong in a file`,
      ),
    )
    .meta({ oneOf: [{ required: ["secret_version"] }, { required: ["env"] }] });
}

const nameRule = "1 to 63 lower-case letters, digits and hyphens, a letter first and no hyphen last";
const locationRule = "a location such as europe-west1";
const projectRule = "the id of a project";
const countRule = "a whole number from 1";
const countFromZeroRule = "a whole number from 0";
const versionRule =
  "a whole number from 1, or a version's full name (projects/…/locations/…/providers/…/connectors/stripe/versions/1)";
const labelRule = "a text of at most 63 characters";
const rateRule = "a number above 0";
const levelRule = "ERROR, WARN, INFO or DEBUG";
const sandboxRule = "true, false or {customers, seed} of whole numbers";

/** Where in the form a connection property has its place; the others stand under `properties`. */
export const placesOfProperties: Partial<Readonly<Record<PropertyKey, string>>> = {
  apiKey: "auth_config.api_key",
  accountId: "account_id",
  apiBase: "api_base",
  sandbox: "sandbox",
  verbosity: "verbosity",
  logFile: "log_config.file",
  logLevel: "log_config.level",
  secretEndpoint: "secret_manager.endpoint",
  secretInsecure: "secret_manager.insecure",
  secretKeyFile: "secret_manager.key_file",
  serviceAccount: "service_account",
  proxyEnabled: "proxy.enabled",
  proxyHost: "proxy.host",
  proxyPort: "proxy.port",
  proxyAuthScheme: "proxy.auth_scheme",
  proxyUser: "proxy.user",
  proxyPassword: "proxy.password",
  proxySslType: "proxy.ssltype",
};

/** Public names of the connection properties that `properties` takes. */
export const furtherProperties: readonly string[] = propertyKeys
  .filter((key) => placesOfProperties[key] === undefined)
  .map(publicName);

/**
 * One connection, as a file describes it. What one key's value means for another's is judged in `check-form.ts`.
 * Source: https://cloud.google.com/integration-connectors/docs/connectors/stripe/configure
 */
export const connectionForm = z.strictObject(
  {
    name: z
      .string(rule(nameRule))
      .regex(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/, rule(nameRule))
      .describe("Name of the connection: lower-case letters, digits and hyphens."),
    description: z.string(rule("a text")).describe("What the connection is for.").optional(),
    project: z
      .string(rule(projectRule))
      .regex(/^[a-z0-9][a-z0-9.:-]{0,62}$/, rule(projectRule))
      .describe("Google Cloud project that it belongs to.")
      .optional(),
    location: z
      .string(rule(locationRule))
      .regex(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/, rule(locationRule))
      .describe("Google Cloud location of the connection.")
      .optional(),
    connector_version: z
      .union(
        [
          z.int(rule(versionRule)).min(1, rule(versionRule)),
          z
            .string()
            .regex(/^([1-9]\d{0,8}|projects\/\S+\/connectors\/stripe\/versions\/[1-9]\d{0,8})$/, rule(versionRule)),
        ],
        rule(versionRule),
      )
      .describe("Version of Google's Stripe connector: its number or its full name.")
      .optional(),
    service_account: property("serviceAccount", text).optional(),
    suspended: flag("True keeps the connection from being opened.").optional(),
    node_config: z
      .strictObject(
        {
          min_node_count: z.int(rule(countRule)).min(1, rule(countRule)).default(2).describe("Nodes that always run."),
          max_node_count: z.int(rule(countRule)).min(1, rule(countRule)).default(50).describe("Nodes under load."),
        },
        mapping,
      )
      .describe("Nodes, the replicas that process transactions.")
      .optional(),
    labels: z
      .record(z.string().min(1).max(63), z.string(rule(labelRule)).max(63, rule(labelRule)), mapping)
      .describe("Labels of the connection: key and value.")
      .optional(),
    account_id: property("accountId", text).optional(),
    auth_config: z
      .strictObject({ api_key: secret("a key").describe("The Stripe key.") }, mapping)
      .describe("How Stripe knows the connection.")
      .optional(),
    proxy: z
      .strictObject(
        {
          enabled: flag("False leaves the proxy aside.").default(true),
          host: property("proxyHost", text).optional(),
          port: property("proxyPort", whole).optional(),
          auth_scheme: z
            .enum(["NONE", "BASIC", "DIGEST"], rule("NONE, BASIC or DIGEST"))
            .describe("How the proxy is told user and password.")
            .optional(),
          user: property("proxyUser", text).optional(),
          password: secret("a password").describe("Password of the proxy's user.").optional(),
          ssltype: z
            .enum(["AUTO", "ALWAYS", "NEVER", "TUNNEL"], rule("AUTO, ALWAYS, NEVER or TUNNEL"))
            .describe(propertyDocumentation.get(connectionPropertySchema.shape.proxySslType)?.description ?? "")
            .optional(),
        },
        mapping,
      )
      .describe("A proxy between here and Stripe.")
      .optional(),
    verbosity: property("verbosity", whole).optional(),
    log_config: z
      .strictObject(
        {
          enabled: flag("False writes no log.").default(true),
          level: z
            .enum(["ERROR", "WARN", "INFO", "DEBUG"], rule(levelRule))
            .describe("Least severity of what is logged.")
            .optional(),
          file: property("logFile", text).optional(),
        },
        mapping,
      )
      .describe("The log: lines of JSON, with secrets taken out.")
      .optional(),
    api_base: property("apiBase", text).optional(),
    sandbox: z
      .union(
        [
          z.boolean(),
          z.strictObject({
            customers: z.int(rule(countFromZeroRule)).min(0, rule(countFromZeroRule)).optional(),
            seed: z.int(rule("a whole number")).optional(),
          }),
        ],
        rule(sandboxRule),
      )
      .describe("Uses the embedded sandbox instead of Stripe, of this many customers and this seed.")
      .optional(),
    secret_manager: z
      .strictObject(
        {
          endpoint: property("secretEndpoint", text).optional(),
          insecure: flag("Speaks to the endpoint without TLS and without credentials.").optional(),
          key_file: property("secretKeyFile", text).optional(),
        },
        mapping,
      )
      .describe("Where secrets are read; default Google's own Secret Manager, with application default credentials.")
      .optional(),
    throttle: z
      .strictObject(
        {
          transactions_per_second_per_node: z
            .number(rule(rateRule))
            .positive(rule(rateRule))
            .default(6)
            .describe("Transactions that one node takes in a second; what exceeds it is answered with 429."),
        },
        mapping,
      )
      .describe("The limit of transactions.")
      .optional(),
    properties: z
      .record(
        z.string(),
        z.union([z.string(), z.number(), z.boolean()], rule("a text, a number, true or false")),
        mapping,
      )
      .meta({ propertyNames: { enum: furtherProperties } })
      .describe("Further connection properties by their names, such as MaxRequests.")
      .optional(),
  },
  mapping,
);

export type ConnectionForm = z.infer<typeof connectionForm>;

/** The keys that the form has at a place; none where it takes any, or nothing. */
export function keysAt(path: readonly (string | number)[]): readonly string[] {
  const schema = path.reduce<unknown>((outer, step) => objectOf(outer)?.shape[step], connectionForm);
  return Object.keys(objectOf(schema)?.shape ?? {});
}

function objectOf(schema: unknown): z.ZodObject | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return objectOf(schema.unwrap());
  if (schema instanceof z.ZodUnion) return schema.options.map(objectOf).find((option) => option !== undefined);
  return schema instanceof z.ZodObject ? schema : undefined;
}
