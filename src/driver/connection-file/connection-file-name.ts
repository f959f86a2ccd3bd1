/** A file, and which of its connections is meant. */
export interface ConnectionFileName {
  readonly path: string;
  /** Its name, or Terraform's label of it. */
  readonly connection: string | undefined;
}

/**
 * "stripe-eu.yaml", "main.tf.json#stripe_eu"; undefined for what names no file, such as a connection string.
 * Programs start with this: it loads nothing.
 */
export function parseConnectionFileName(text: string): ConnectionFileName | undefined {
  if (text.includes("=")) return undefined;
  const match = /^(.+\.(?:ya?ml|json|tf))(?:#(.*))?$/is.exec(text.trim());
  if (match === null) return undefined;
  const [, path = "", connection] = match;
  return { path, connection };
}
