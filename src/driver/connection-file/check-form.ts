import type { z } from "zod";
import { didYouMean } from "../../error/suggestion.js";
import { isLoopback } from "../../stripe/is-loopback.js";
import {
  connectionPropertySchema,
  findPropertyKey,
  propertyDocumentation,
  publicName,
} from "../connection-property-schema.js";
import type { ConnectionForm } from "./connection-form.js";
import { connectionForm, furtherProperties, keysAt, placesOfProperties } from "./connection-form.js";
import type { Mistake } from "./mistake.js";
import type { Mapping, Path } from "./path.js";
import { isMapping, valueAt } from "./path.js";

export type CheckedForm =
  | { readonly kind: "form"; readonly form: ConnectionForm }
  | { readonly kind: "mistakes"; readonly mistakes: readonly Mistake[] };

/** The form, or everything that is wrong with it. */
export function checkForm(value: unknown): CheckedForm {
  const result = connectionForm.safeParse(value);
  const issues = result.success ? [] : result.error.issues.flatMap(mistakesOf);
  const mistakes = [...issues, ...(isMapping(value) ? crossMistakes(value) : [])];
  // Both may be silent only together.
  return result.success && mistakes.length === 0 ? { kind: "form", form: result.data } : { kind: "mistakes", mistakes };
}

/** True where a value, or even a key, may be a secret in the wrong place. */
export function isSecretPath(path: Path): boolean {
  return path.some((step) => step === "auth_config" || step === "password" || step === "properties");
}

function mistakesOf(issue: z.core.$ZodIssue): readonly Mistake[] {
  const path = issue.path.filter((step) => typeof step !== "symbol");
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(path, key));
  if (issue.code === "invalid_key") return [{ path, isKey: true, rule: "must be named with 1 to 63 characters" }];
  return [{ path, rule: issue.message }];
}

function unknownKey(path: Path, key: string): Mistake {
  const known = keysAt(path);
  const near = didYouMean(key, known);
  const all = `The keys are ${known.join(", ")}.`;
  // A secret may have been taken for a key.
  if (isSecretPath(path) && near === undefined) return { path, rule: "has a key that is not known here", hint: all };
  return { path: [...path, key], isKey: true, rule: "is no known key", hint: hintOf(path, key) ?? near ?? all };
}

function hintOf(path: Path, key: string): string | undefined {
  if (path.length > 0) return undefined;
  if (key === "resource") return "Terraform's definitions are read from files named *.tf.json.";
  const property = findPropertyKey(key);
  if (property === undefined) return undefined;
  return `Did you mean ${placesOfProperties[property] ?? `properties.${publicName(property)}`}?`;
}

/** What the value of one key means for another's, as far as both are of their form. */
function crossMistakes(form: Mapping): readonly Mistake[] {
  return [
    ...nodeMistakes(form),
    ...keyMistakes(form),
    ...proxyMistakes(form),
    ...secretManagerMistakes(form),
    ...propertyMistakes(form["properties"]),
    ...secretMistakes(form, ["auth_config", "api_key"]),
    ...secretMistakes(form, ["proxy", "password"]),
  ];
}

function nodeMistakes(form: Mapping): readonly Mistake[] {
  const minimum = valueAt(form, ["node_config", "min_node_count"]) ?? 2;
  const path = ["node_config", "max_node_count"];
  const maximum = valueAt(form, path) ?? 50;
  if (typeof minimum !== "number" || typeof maximum !== "number" || minimum <= maximum) return [];
  return [{ path, rule: `must be at least ${minimum}, the min_node_count` }];
}

/** Without a key a connection would be to whatever the environment holds, or to the sandbox. */
function keyMistakes(form: Mapping): readonly Mistake[] {
  const { sandbox, api_base: apiBase } = form;
  const isSandbox = sandbox === true || isMapping(sandbox);
  if (isSandbox && apiBase !== undefined) return [{ path: ["sandbox"], rule: "and api_base exclude each other" }];
  if (isSandbox || form["auth_config"] !== undefined) return [];
  if (typeof apiBase === "string" && URL.canParse(apiBase) && isLoopback(apiBase)) return [];
  return [
    {
      path: ["auth_config"],
      rule: "is missing: it names the key, unless sandbox is true or api_base is on this machine",
    },
  ];
}

function proxyMistakes(form: Mapping): readonly Mistake[] {
  const proxy = form["proxy"];
  if (!isMapping(proxy) || proxy["enabled"] === false) return [];
  const scheme = proxy["auth_scheme"];
  const needed = [
    ...["host", "port"].map((key) => ({ key, reason: "the proxy is enabled" })),
    ...(scheme === "BASIC" || scheme === "DIGEST"
      ? ["user", "password"].map((key) => ({ key, reason: `auth_scheme is ${scheme}` }))
      : []),
  ];
  return needed
    .filter(({ key }) => proxy[key] === undefined)
    .map(({ key, reason }) => ({ path: ["proxy", key], rule: `is missing: ${reason}` }));
}

function secretManagerMistakes(form: Mapping): readonly Mistake[] {
  const path = ["secret_manager", "insecure"];
  const isInsecure = valueAt(form, path) === true;
  const isElsewhere = valueAt(form, ["secret_manager", "endpoint"]) !== undefined;
  return isInsecure && !isElsewhere
    ? [{ path, rule: "needs secret_manager.endpoint: Google's own takes TLS alone" }]
    : [];
}

function secretMistakes(form: Mapping, path: Path): readonly Mistake[] {
  const secret = valueAt(form, path);
  if (!isMapping(secret)) return [];
  const given = ["secret_version", "env"].filter((key) => secret[key] !== undefined);
  return given.length === 1 ? [] : [{ path, rule: "must have either secret_version or env" }];
}

function propertyMistakes(properties: unknown): readonly Mistake[] {
  if (!isMapping(properties)) return [];
  const names = Object.keys(properties);
  return names.flatMap((name, index) => {
    const rule = propertyRule(name, properties[name], names.slice(0, index));
    return rule === undefined ? [] : [{ path: ["properties", name], ...rule }];
  });
}

function propertyRule(name: string, value: unknown, before: readonly string[]): Omit<Mistake, "path"> | undefined {
  const key = findPropertyKey(name);
  if (key === undefined) {
    const hint = didYouMean(name, furtherProperties) ?? `The properties are ${furtherProperties.join(", ")}.`;
    return { isKey: true, rule: "is no connection property", hint };
  }
  const place = placesOfProperties[key];
  if (place !== undefined) return { isKey: true, rule: `has a place of its own: ${place}` };
  if (before.some((other) => findPropertyKey(other) === key)) return { isKey: true, rule: "is given twice" };
  const schema = connectionPropertySchema.shape[key];
  // What is no scalar is the form's matter.
  if (typeof value === "object" || schema.safeParse(value).success) return undefined;
  return { rule: `must be ${propertyDocumentation.get(schema)?.rule}` };
}
