import { z } from "zod";
import { plannerRules } from "../plan/planner-rule.js";
import { isSecretVersionName } from "../stripe/secret/secret-version-name.js";
import { readZoneName } from "../value/zone-name.js";

/** How a property is shown and explained. */
export interface PropertyDocumentation {
  readonly type: "VARCHAR" | "BIGINT" | "DOUBLE" | "BOOLEAN";
  /** What a value must be, after "it must be". */
  readonly rule: string;
  /** As a connection string would say it. */
  readonly default?: string;
  readonly description: string;
}

export const propertyDocumentation = z.registry<PropertyDocumentation>();

/** A connection string gives every value as text, a program in its own type. */
const flag = z.union([z.boolean(), z.stringbool()]);
const numeric = z.union([
  z.number(),
  z
    .string()
    .trim()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number),
]);
const text = z.string().trim().min(1);
/** "512MB", "1.5 GiB"; not none. */
const someBytes = text.regex(/^\d+(\.\d+)? ?[KMGT]i?B$/i).refine((amount) => Number.parseFloat(amount) > 0);
const secondsOfUnits: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3600, day: 86_400 };
/** Seconds, up to a week, as a number or as "10 minutes". */
const duration = z
  .union([
    numeric,
    z
      .string()
      .trim()
      .toLowerCase()
      .regex(/^\d+(\.\d+)? ?(second|minute|hour|day)s?$/)
      .transform((given) => {
        const [, amount = "0", unit = "second"] = /^([\d.]+) ?(\w+?)s?$/.exec(given) ?? [];
        return Number(amount) * (secondsOfUnits[unit] ?? 1);
      }),
  ])
  .pipe(z.number().min(0).max(604_800));
/** One of a set of words, in any case. */
function choice<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.string().trim().toUpperCase().pipe(z.enum(words));
}
/** Kept as it is: a password may begin or end with a space. */
const oneLine = z.string().regex(/^[^\p{Cc}\p{Cs}]+$/u);
/** Stands for a variable's value until the connection is opened. */
const environmentReference = z.strictObject({ env: z.string().regex(/^[A-Za-z_]\w*$/) });
const headerText = text.regex(/^[\x21-\x7e]{1,255}$/);

/** `ConnectOptions`, checked; undefined where nothing was given. */
export const connectionPropertySchema = z.object({
  apiKey: z
    .union([
      headerText.refine((key) => !/^(pk_|projects\/)/.test(key)),
      text.refine(isSecretVersionName),
      environmentReference,
    ])
    .optional()
    .register(propertyDocumentation, {
      type: "VARCHAR",
      rule: "a secret or restricted key (sk_… or rk_…), not a publishable one, or the name of a secret's version (projects/…/secrets/…/versions/…)",
      description:
        "Stripe key, or the name of a Secret Manager version that holds it; else the environment's STRIPE_API_KEY, which is not sent to an ApiBase on this machine. Without either, the embedded sandbox is used.",
    }),
  accountId: headerText.optional().register(propertyDocumentation, {
    type: "VARCHAR",
    rule: "the id of an account (acct_…)",
    description:
      "Account that every request acts as: one of Connect, or of the organization whose key it is (`acct_A`, or `acct_A/acct_B` for one connected to it).",
  }),
  allowOtherAccounts: flag.optional().register(propertyDocumentation, {
    type: "BOOLEAN",
    rule: "true or false",
    default: "true",
    description:
      "False keeps statements to AccountId: a condition or value of that name that is another account is refused. Default false for a served connection that has an AccountId.",
  }),
  apiBase: text
    .refine(isOrigin)
    .transform((url) => new URL(url).origin)
    .optional()
    .register(propertyDocumentation, {
      type: "VARCHAR",
      rule: "a URL of scheme http or https, host and port only",
      default: "https://api.stripe.com",
      description: "Server to talk to. Plain http is for this machine or a test key.",
    }),
  apiVersion: headerText.optional().register(propertyDocumentation, {
    type: "VARCHAR",
    rule: "a version of Stripe's API such as 2025-09-30.clover",
    description: "Stripe API version of every request; default the one that the schema was compiled from.",
  }),
  readOnly: flag.optional().register(propertyDocumentation, {
    type: "BOOLEAN",
    rule: "true or false",
    default: "false",
    description:
      "Refuses INSERT, UPDATE, DELETE, MERGE, COPY and procedures that write: the same as WriteMode=read-only.",
  }),
  writeMode: z
    .string()
    .trim()
    .toLowerCase()
    .pipe(z.enum(["read-only", "confirm", "allow"]))
    .optional()
    .register(propertyDocumentation, {
      type: "VARCHAR",
      rule: "read-only, confirm or allow",
      description:
        "What becomes of statements that write: refused, sent once they are confirmed (the REPL asks, `--yes` agrees, a program has `confirmWrite`) and refused where nobody is asked, or sent. Default allow; on a live key writes of two calls or more are to be confirmed unless it is given. ReadOnly goes before it.",
    }),
  maxWrites: numeric.pipe(z.int().min(1)).optional().register(propertyDocumentation, {
    type: "BIGINT",
    rule: "a whole number from 1",
    description:
      "Calls that one statement may write by; one that takes more is refused before the first. Default unlimited.",
  }),
  auditLog: text.optional().register(propertyDocumentation, {
    type: "VARCHAR",
    rule: "the path of a file",
    description:
      "File to which a line of JSON is appended, on the disk before the statement goes on, for each statement that writes and for each of its calls: who, what, when, idempotency key, request id and outcome. Where it cannot be written, nothing is sent.",
  }),
  allowUnfilteredWrites: flag.optional().register(propertyDocumentation, {
    type: "BOOLEAN",
    rule: "true or false",
    default: "false",
    description: "Allows UPDATE and DELETE without WHERE.",
  }),
  journal: flag.optional().register(propertyDocumentation, {
    type: "BOOLEAN",
    rule: "true or false",
    default: "true",
    description:
      "Keeps what a write of two calls or more is about to do in a file of CachePath before anything is sent, and what became of it: one that was cut off can be resumed.",
  }),
  search: z
    .string()
    .trim()
    .toLowerCase()
    .pipe(z.enum(["off", "auto", "always"]))
    .optional()
    .register(propertyDocumentation, {
      type: "VARCHAR",
      rule: "off, auto or always",
      default: "auto",
      description:
        "Where Stripe's Search finds rows: nowhere, where it saves more than 50 requests by what was seen of the table, or wherever it can. Its index lags about a minute behind: a notice says so. Objects of UPDATE and DELETE are found by it only with `always`.",
    }),
  maxRequests: numeric.pipe(z.int().min(1)).optional().register(propertyDocumentation, {
    type: "BIGINT",
    rule: "a whole number from 1",
    description: "Requests that one statement may send; default unlimited.",
  }),
  testClocks: flag.optional().register(propertyDocumentation, {
    type: "BOOLEAN",
    rule: "true or false",
    default: "true",
    description:
      "With a test key, reads rows on test clocks too, by a request for the clocks each five minutes and one more for each; false leaves them out.",
  }),
  requestsPerSecond: numeric.pipe(z.number().positive().max(10_000)).optional().register(propertyDocumentation, {
    type: "DOUBLE",
    rule: "a number above 0, at most 10000",
    description: "Default 80 with a live key, 20 with a test key, unlimited on this machine.",
  }),
  parallelRequests: numeric.pipe(z.int().min(1).max(64)).optional().register(propertyDocumentation, {
    type: "BIGINT",
    rule: "a whole number from 1 to 64",
    description:
      "Requests that one list, of which each reads a range of its creation times, or one write has under way at most; 1 sends them one after the other. Default as many as the rate and the time of an answer call for, 16 at most; 1 where the rate is unlimited.",
  }),
  timeout: numeric.pipe(z.number().min(0.001).max(86_400)).optional().register(propertyDocumentation, {
    type: "DOUBLE",
    rule: "a number of seconds above 0, at most 86400",
    default: "80",
    description: "Seconds that one request waits for Stripe.",
  }),
  sandbox: z
    .union([flag, z.strictObject({ customers: z.int().min(0).optional(), seed: z.int().optional() })])
    .optional()
    .register(propertyDocumentation, {
      type: "BOOLEAN",
      rule: "true or false; in a program also { customers, seed } of whole numbers",
      description: "Uses the embedded sandbox; default true where there is no key.",
    }),
  cachePath: text.optional().register(propertyDocumentation, {
    type: "VARCHAR",
    rule: "the path of a folder",
    default: "$XDG_CACHE_HOME/stripe-sql",
    description:
      "Folder of table statistics, of the journal of writes, of kept views, of the sandbox's seeded business, and of the schema of another version of stripe than the package has.",
  }),
  cacheTtl: duration.optional().register(propertyDocumentation, {
    type: "VARCHAR",
    rule: "a number of seconds, or a duration in seconds, minutes, hours or days such as '10 minutes', at most 7 days",
    default: "0",
    description:
      "Seconds, or a duration such as `10 minutes` or `2 hours`, of 7 days at most, for which rows that were read whole are kept on disk, for later statements that ask for the same or for fewer; 0 keeps none. What this program changes is seen at once, what others change only after it. FORGET removes them.",
  }),
  cacheSize: someBytes.optional().register(propertyDocumentation, {
    type: "VARCHAR",
    rule: "an amount of disk such as 512MB or 2GB",
    default: "1GB",
    description: "How much is kept at most, compressed: what was used longest ago goes first.",
  }),
  verbosity: numeric.pipe(z.int().min(1).max(5)).optional().register(propertyDocumentation, {
    type: "BIGINT",
    rule: "a whole number from 1 to 5",
    default: "1",
    description:
      "Detail of the log: statements and errors (1), requests and caches (2), headers and bodies (3), connections and certificates (4), parameters and notices (5). Never a secret.",
  }),
  logFile: text.optional().register(propertyDocumentation, {
    type: "VARCHAR",
    rule: "the path of a file",
    description:
      "File to which the log is appended; default standard error where Verbosity or LogLevel is given, else no log.",
  }),
  logLevel: choice(["ERROR", "WARN", "INFO", "DEBUG"]).optional().register(propertyDocumentation, {
    type: "VARCHAR",
    rule: "ERROR, WARN, INFO or DEBUG",
    default: "INFO",
    description:
      "ERROR logs failures alone, WARN of what Verbosity tells also what went amiss, such as notices and requests sent again, INFO all of it, DEBUG requests even at Verbosity 1.",
  }),
  secretEndpoint: text.refine(isHostAndPort).optional().register(propertyDocumentation, {
    type: "VARCHAR",
    rule: "a host and a port such as 127.0.0.1:8085",
    default: "secretmanager.googleapis.com:443",
    description: "Secret Manager to read the key from, where ApiKey names a secret.",
  }),
  secretInsecure: flag.optional().register(propertyDocumentation, {
    type: "BOOLEAN",
    rule: "true or false",
    default: "false",
    description: "Speaks to SecretEndpoint without TLS and without credentials.",
  }),
  serviceAccount: text
    .regex(/^[^@\s]+@[^@\s]+$/)
    .optional()
    .register(propertyDocumentation, {
      type: "VARCHAR",
      rule: "the e-mail address of a service account",
      description:
        "Service account that reads the secrets; default the one of Google's application default credentials.",
    }),
  secretKeyFile: text.optional().register(propertyDocumentation, {
    type: "VARCHAR",
    rule: "the path of a file",
    description: "Key file of Google's to read secrets with; default Google's application default credentials.",
  }),
  proxyEnabled: flag.optional().register(propertyDocumentation, {
    type: "BOOLEAN",
    rule: "true or false",
    default: "false",
    description: "Sends every request to Stripe through the proxy at ProxyHost and ProxyPort.",
  }),
  proxyHost: text
    .regex(/^[^/\s?#@:]+$|^\[[\da-fA-F:]+\]$/)
    .refine((host) => URL.canParse(`http://${host}`))
    .optional()
    .register(propertyDocumentation, {
      type: "VARCHAR",
      rule: "a host's name or address, without scheme and port",
      description: "Host of the proxy.",
    }),
  proxyPort: numeric.pipe(z.int().min(1).max(65_535)).optional().register(propertyDocumentation, {
    type: "BIGINT",
    rule: "a port from 1 to 65535",
    description: "Port of the proxy.",
  }),
  proxyAuthScheme: choice(["NONE", "BASIC", "DIGEST"]).optional().register(propertyDocumentation, {
    type: "VARCHAR",
    rule: "NONE, BASIC or DIGEST",
    default: "NONE",
    description: "How the proxy is told ProxyUser and ProxyPassword.",
  }),
  proxyUser: oneLine.optional().register(propertyDocumentation, {
    type: "VARCHAR",
    rule: "a user's name",
    description: "User of the proxy.",
  }),
  proxyPassword: z.union([oneLine, environmentReference]).optional().register(propertyDocumentation, {
    type: "VARCHAR",
    rule: "a password, or the name of a secret's version (projects/…/secrets/…/versions/…)",
    description: "Password of ProxyUser, or the name of a Secret Manager version that holds it.",
  }),
  proxySslType: choice(["AUTO", "ALWAYS", "NEVER", "TUNNEL"]).optional().register(propertyDocumentation, {
    type: "VARCHAR",
    rule: "AUTO, ALWAYS, NEVER or TUNNEL",
    default: "AUTO",
    description:
      "AUTO tunnels to a server of https and forwards to one of http, ALWAYS speaks TLS to the proxy, NEVER forwards in plain text, TUNNEL always tunnels.",
  }),
  rateStore: text.refine(isRedisUrl).optional().register(propertyDocumentation, {
    type: "VARCHAR",
    rule: "the URL of a Redis server such as redis://127.0.0.1:6379",
    description:
      "Redis server that shares the request rate with other programs of the account; default this program alone.",
  }),
  fileAccess: flag.optional().register(propertyDocumentation, {
    type: "BOOLEAN",
    rule: "true or false",
    default: "true",
    description: "False keeps read_csv, read_parquet and their like from this machine's files.",
  }),
  memoryLimit: someBytes.optional().register(propertyDocumentation, {
    type: "VARCHAR",
    rule: "an amount of memory such as 512MB or 2GB",
    description:
      "What tables, sorts and joins of the local engine may hold in memory before they spill to the system's temporary folder (TMPDIR); default 80 % of the machine's, 1GB for a served connection.",
  }),
  timeZone: text
    .refine((name) => readZoneName(name).kind === "zone")
    .optional()
    .register(propertyDocumentation, {
      type: "VARCHAR",
      rule: "a time zone such as America/Los_Angeles or UTC, or whole hours east of Greenwich such as -8",
      default: "UTC",
      description: "Time zone in which times are read and written, until SET TimeZone.",
    }),
  pushdown: flag.optional().register(propertyDocumentation, {
    type: "BOOLEAN",
    rule: "true or false",
    default: "true",
    description: "False reads whole tables and filters them locally: for tests.",
  }),
  directWay: flag.optional().register(propertyDocumentation, {
    type: "BOOLEAN",
    rule: "true or false",
    default: "true",
    description: "False sends every row through the local engine: for tests.",
  }),
  withoutRules: z
    .union([
      z.array(z.enum(plannerRules)),
      z
        .string()
        .transform((names) => names.split(",").map((name) => name.trim()))
        .pipe(z.array(z.enum(plannerRules))),
    ])
    .optional()
    .register(propertyDocumentation, {
      type: "VARCHAR",
      rule: `some of ${plannerRules.join(", ")}`,
      description: `Rules by which the planner saves requests that it does without, of ${plannerRules.join(", ")}: for tests.`,
    }),
});

/** As they were given: some may be read from the environment yet. */
export type CheckedProperties = z.infer<typeof connectionPropertySchema>;
export type PropertyKey = keyof CheckedProperties;
/** Properties whose value the environment may hold. */
export type ReferableKey = "apiKey" | "proxyPassword";
export type GivenProperties = Omit<CheckedProperties, ReferableKey> & {
  readonly [Key in ReferableKey]?: string | undefined;
};

export const propertyKeys: readonly PropertyKey[] = connectionPropertySchema.keyof().options;

/** "ApiKey" of "apiKey". */
export function publicName(key: PropertyKey): string {
  return `${key.charAt(0).toUpperCase()}${key.slice(1)}`;
}

/** The property of a name in any case. */
export function findPropertyKey(name: string): PropertyKey | undefined {
  const wanted = name.trim().toLowerCase();
  return propertyKeys.find((key) => key.toLowerCase() === wanted);
}

function isHostAndPort(text: string): boolean {
  if (!/^[^/\s?#@]+$/.test(text) || !URL.canParse(`http://${text}`)) return false;
  return /:\d+$/.test(text);
}

function isRedisUrl(text: string): boolean {
  if (!/^rediss?:\/\/\S+$/.test(text) || !URL.canParse(text)) return false;
  const { hostname, username, password } = new URL(text);
  return hostname !== "" && isPercentEncoded(username) && isPercentEncoded(password);
}

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const isPlain =
    url.pathname === "/" && url.search === "" && url.hash === "" && url.username === "" && url.password === "";
  return isPlain && (url.protocol === "https:" || url.protocol === "http:");
}
