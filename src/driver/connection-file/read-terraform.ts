import { didYouMean } from "../../error/suggestion.js";
import type { Mistake } from "./mistake.js";
import type { Mapping, Path } from "./path.js";
import { isMapping, pathKey } from "./path.js";
import type { Block } from "./terraform-block.js";
import { blocksOf, labelledBlocks, literalText, onlyBlock } from "./terraform-block.js";

/** A connection of Terraform's, turned into the form of a connection file. */
export interface TerraformConnection {
  /** Terraform's name for it. */
  readonly label: string;
  readonly path: Path;
  readonly form: Mapping;
  /** Where a value of the form stands in Terraform's file, by `pathKey`. */
  readonly origins: ReadonlyMap<string, Path>;
  /** By paths of Terraform's file. */
  readonly mistakes: readonly Mistake[];
}

export const connectionResource = "google_integration_connectors_connection";

/**
 * The Stripe connections of a file in Terraform's JSON syntax. Other resources are passed over, and so are
 * connections whose version is of another connector.
 * Source: https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/integration_connectors_connection
 */
export function readTerraform(value: unknown, mistakes: Mistake[]): readonly TerraformConnection[] {
  const file = blocksOf(value, [], mistakes);
  const byType = labelledBlocks(labelledBlocks(file, "resource", mistakes), connectionResource, mistakes);
  return byType.flatMap(({ body, path }) =>
    Object.entries(body).flatMap(([label, inner]) => {
      const block = onlyBlock(inner, [...path, label], mistakes);
      return block === undefined || isOfOtherConnector(block.body) ? [] : [new TerraformReader(label, block).read()];
    }),
  );
}

function isOfOtherConnector({ connector_version: version }: Mapping): boolean {
  return typeof version === "string" && /\/connectors\/(?!stripe\/|\$\{)[^/]+\/versions\//.test(version);
}

type Kind = "text" | "number" | "flag";

const attributes: Readonly<Record<string, Kind>> = {
  name: "text",
  description: "text",
  project: "text",
  location: "text",
  connector_version: "text",
  service_account: "text",
  suspended: "flag",
};

interface Variable {
  readonly path: Path;
  readonly kind: Kind | "secret";
}

/** `config_variable` by key. */
const variables: Readonly<Record<string, Variable>> = {
  account_id: { path: ["account_id"], kind: "text" },
  proxy_enabled: { path: ["proxy", "enabled"], kind: "flag" },
  proxy_auth_scheme: { path: ["proxy", "auth_scheme"], kind: "text" },
  proxy_user: { path: ["proxy", "user"], kind: "text" },
  proxy_password: { path: ["proxy", "password"], kind: "secret" },
  proxy_ssltype: { path: ["proxy", "ssltype"], kind: "text" },
  verbosity: { path: ["verbosity"], kind: "number" },
};

/** `additional_variable` of `auth_config` by key. */
const authVariables: Readonly<Record<string, Variable>> = {
  api_key: { path: ["auth_config", "api_key"], kind: "secret" },
};

/** What is missing, by the form's path, as Terraform's file would have it. */
export const terraformNames: Readonly<Record<string, string>> = {
  auth_config: "auth_config.additional_variable api_key",
  "proxy.host": "destination_config.destination.host",
  "proxy.port": "destination_config.destination.port",
  "proxy.user": "config_variable proxy_user",
  "proxy.password": "config_variable proxy_password",
};

const valueNames = ["string_value", "integer_value", "boolean_value", "secret_value", "encryption_key_value"];

const blockNames = ["labels", "config_variable", "auth_config", "destination_config", "node_config", "log_config"];
/** They mean nothing here: to Terraform itself, or to what Google does with the connection. */
const unreadNames = [
  "lock_config",
  "ssl_config",
  "eventing_config",
  "eventing_enablement_type",
  "deletion_policy",
  "timeouts",
  "lifecycle",
  "provider",
  "depends_on",
  "provisioner",
  "connection",
];
const multiplyingNames = ["count", "for_each", "dynamic"];

class TerraformReader {
  readonly #form: Record<string, unknown> = {};
  readonly #origins = new Map<string, Path>();
  readonly #mistakes: Mistake[] = [];

  constructor(
    private readonly label: string,
    private readonly block: Block,
  ) {}

  read(): TerraformConnection {
    const { body, path } = this.block;
    this.#origins.set(pathKey([]), path);
    this.#readNames(this.block, [...Object.keys(attributes), ...blockNames, ...unreadNames, ...multiplyingNames]);
    for (const name of multiplyingNames.filter((multiplying) => body[multiplying] !== undefined)) {
      this.#mistake([...path, name], "cannot be resolved here: write each of them out");
    }
    for (const [name, kind] of Object.entries(attributes)) this.#put([name], kind, body[name], [...path, name]);
    this.#readLabels(body["labels"], [...path, "labels"]);
    this.#readVariables(this.#blocks(this.block, "config_variable"), variables);
    for (const auth of this.#only(this.block, "auth_config")) this.#readAuth(auth);
    for (const node of this.#only(this.block, "node_config")) this.#readNodes(node);
    for (const log of this.#only(this.block, "log_config")) this.#readLog(log);
    this.#readProxy();
    return { label: this.label, path, form: this.#form, origins: this.#origins, mistakes: this.#mistakes };
  }

  #readLabels(labels: unknown, path: Path): void {
    if (!isMapping(labels)) {
      this.#put(["labels"], "text", labels, path);
      return;
    }
    this.#origins.set(pathKey(["labels"]), path);
    for (const [name, value] of Object.entries(labels)) {
      if (name !== "//") this.#put(["labels", name], "text", value, [...path, name]);
    }
  }

  #readNodes(node: Block): void {
    this.#origins.set(pathKey(["node_config"]), node.path);
    const names = ["min_node_count", "max_node_count"];
    this.#readNames(node, names);
    for (const name of names) this.#put(["node_config", name], "number", node.body[name], [...node.path, name]);
  }

  #readLog(log: Block): void {
    this.#origins.set(pathKey(["log_config"]), log.path);
    this.#readNames(log, ["enabled", "level"]);
    this.#put(["log_config", "enabled"], "flag", log.body["enabled"], [...log.path, "enabled"]);
    if (log.body["level"] === "LOG_LEVEL_UNSPECIFIED") return;
    this.#put(["log_config", "level"], "text", log.body["level"], [...log.path, "level"]);
  }

  #readAuth(auth: Block): void {
    this.#origins.set(pathKey(["auth_config"]), auth.path);
    const known = ["auth_type", "auth_key", "additional_variable"];
    for (const name of Object.keys(auth.body).filter((given) => !known.includes(given))) {
      this.#mistake([...auth.path, name], "is not for Stripe, which knows a connection by its API key", true);
    }
    this.#readVariables(this.#blocks(auth, "additional_variable"), authVariables);
  }

  #readVariables(blocks: readonly Block[], known: Readonly<Record<string, Variable>>): void {
    const seen = new Set<string>();
    for (const block of blocks) {
      this.#readNames(block, ["key", ...valueNames]);
      const { key } = block.body;
      const variable = typeof key === "string" && Object.hasOwn(known, key) ? known[key] : undefined;
      if (variable === undefined) this.#unknownVariable(block, Object.keys(known));
      else if (seen.has(String(key))) this.#mistake([...block.path, "key"], `${String(key)} is given twice`);
      else this.#readVariable(block, variable);
      seen.add(String(key));
    }
  }

  #unknownVariable({ body: { key }, path }: Block, known: readonly string[]): void {
    const hint = typeof key === "string" ? didYouMean(key, known) : undefined;
    const rule = `must be ${known.length === 1 ? known[0] : `one of ${known.join(", ")}`}`;
    this.#mistakes.push({ path: [...path, "key"], rule, hint });
  }

  #readVariable(block: Block, { path, kind }: Variable): void {
    const given = valueNames.filter((name) => block.body[name] !== undefined);
    const [name] = given;
    const origin = [...block.path, name ?? "key"];
    const key = String(block.body["key"]);
    this.#origins.set(pathKey(path), origin);
    if (name === undefined || given.length > 1) {
      this.#mistake(block.path, `must have one value for ${key}: ${valueNames.slice(0, 4).join(", ")}`);
    } else if (name === "encryption_key_value" || (name === "secret_value") !== (kind === "secret")) {
      const wanted = kind === "secret" ? "a secret_value with its secret_version" : "a plain value";
      this.#mistake(origin, `must be ${wanted}, for ${key}`);
    } else if (kind === "secret") {
      this.#readSecret(block, path);
    } else {
      this.#put(path, kind, block.body[name], origin);
    }
  }

  #readSecret(block: Block, path: Path): void {
    for (const secret of this.#only(block, "secret_value")) {
      this.#readNames(secret, ["secret_version"]);
      this.#origins.set(pathKey(path), secret.path);
      const origin = [...secret.path, "secret_version"];
      this.#put([...path, "secret_version"], "text", secret.body["secret_version"], origin);
    }
  }

  /** The proxy's server is the one destination that the connector has. Without `proxy_enabled` none of it is used. */
  #readProxy(): void {
    const proxy = this.#form["proxy"];
    if (!isMapping(proxy) || proxy["enabled"] !== true) {
      if (isMapping(proxy) && proxy["enabled"] === undefined) this.#set(["proxy", "enabled"], false, this.block.path);
      return;
    }
    const configs = this.#blocks(this.block, "destination_config");
    for (const config of configs) this.#readNames(config, ["key", "destination"]);
    const [destination, second] = configs.flatMap((config) => this.#blocks(config, "destination"));
    if (second !== undefined) this.#mistake(second.path, "is one too many: a connection has one proxy");
    if (destination !== undefined) this.#readDestination(destination);
  }

  #readDestination(destination: Block): void {
    const { body, path } = destination;
    this.#readNames(destination, ["host", "port", "service_attachment"]);
    if (body["service_attachment"] !== undefined) {
      this.#mistake([...path, "service_attachment"], "cannot be reached from here: give the proxy's host");
      this.#origins.set(pathKey(["proxy", "host"]), [...path, "service_attachment"]);
    }
    const { host } = body;
    // Google shows destinations with a scheme; proxy_ssltype says what is spoken to the proxy.
    const plain = typeof host === "string" ? host.replace(/^https?:\/\/([^/]+)\/?$/i, "$1") : host;
    this.#put(["proxy", "host"], "text", plain, [...path, "host"]);
    this.#put(["proxy", "port"], "number", body["port"], [...path, "port"]);
  }

  #put(path: Path, kind: Kind, value: unknown, origin: Path): void {
    if (value === undefined || value === null) return;
    this.#origins.set(pathKey(path), origin);
    const literal = typeof value === "string" ? literalText(value) : value;
    if (literal === undefined)
      this.#mistake(origin, "must be written out: only Terraform can resolve what is in braces");
    else this.#set(path, converted(literal, kind), origin);
  }

  #set(path: Path, value: unknown, origin: Path): void {
    this.#origins.set(pathKey(path), origin);
    let target = this.#form;
    for (const step of path.slice(0, -1)) {
      const inner = target[step] ?? {};
      target[step] = inner;
      target = inner as Record<string, unknown>;
    }
    target[path.at(-1) ?? ""] = value;
  }

  #readNames({ body, path }: Block, known: readonly string[]): void {
    for (const name of Object.keys(body).filter((given) => !known.includes(given))) {
      this.#mistakes.push({
        path: [...path, name],
        isKey: true,
        rule: "is no known key",
        hint: didYouMean(name, known),
      });
    }
  }

  #blocks({ body, path }: Block, name: string): readonly Block[] {
    return blocksOf(body[name], [...path, name], this.#mistakes);
  }

  #only({ body, path }: Block, name: string): readonly Block[] {
    const block = onlyBlock(body[name], [...path, name], this.#mistakes);
    return block === undefined ? [] : [block];
  }

  #mistake(path: Path, rule: string, isKey = false): void {
    this.#mistakes.push({ path, rule, ...(isKey ? { isKey } : {}) });
  }
}

/** As Terraform converts between texts, numbers and truth values. */
function converted(value: unknown, kind: Kind): unknown {
  if (kind === "text") return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
  if (typeof value !== "string") return value;
  if (kind === "number") return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  return { true: true, false: false }[value] ?? value;
}
