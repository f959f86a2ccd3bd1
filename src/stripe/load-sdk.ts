import { createRequire } from "node:module";
import type Stripe from "stripe";

/**
 * The SDK of the version that is installed, which the catalog was compiled from. The bundled program brings a copy of
 * the one that it was built with, as one file loads faster than a hundred; beside another one it is not used.
 */
export async function loadSdk(installedVersion: string | undefined): Promise<typeof Stripe> {
  const { default: sdk } = await import("stripe");
  return installedVersion === undefined || sdk.PACKAGE_VERSION === installedVersion
    ? sdk
    : createRequire(import.meta.url)("stripe");
}
