import type { ClientSettings } from "../../execute/postgres/client-settings.js";
import { sessionViews } from "../../execute/postgres/schema/session-views.js";
import type { StatementMentions } from "../../syntax/postgres/mentions.js";
import type { PostgresStatement } from "../../syntax/postgres/postgres-statement.js";
import type { RunContext } from "../session/session-backend.js";
import type { Settings } from "../session/session-settings.js";
import type { SessionViews } from "../session/session-views.js";
import type { TransactionView } from "../session/transaction-block.js";
import { mentionsOf } from "./mentions-of.js";
import type { StripeDefaults } from "./stripe-settings.js";
import { stripeDefaults } from "./stripe-settings.js";

export interface StatementClientParts {
  /** What settings of ours are by default. */
  readonly stripe: StripeDefaults;
  /** The client as PostgreSQL sees it; without a transaction, in one of its own that only reads. */
  readonly clientOf: (settings: Settings, transaction?: TransactionView) => ClientSettings;
}

/** The client whose statement PostgreSQL describes: settings of ours are unknown to it unless they are set. */
export function describingClient(
  statement: PostgresStatement,
  settings: Settings,
  { clientOf, stripe }: StatementClientParts,
): ClientSettings {
  return clientOf(tellsSettings(statement) ? withOwn(settings, stripe) : settings);
}

/**
 * The client whose statement PostgreSQL runs. One that tells of settings has a transaction that says of itself what the
 * client's is; others only read.
 */
export function runningClient(
  statement: PostgresStatement,
  { settings, transaction, views }: Pick<RunContext, "settings" | "transaction" | "views">,
  { clientOf, stripe }: StatementClientParts,
): ClientSettings {
  const isTold = tellsSettings(statement);
  const own = { ...transaction, readOnly: transaction.readOnly || !isTold };
  const shown = isTold ? withOwn(settings, stripe) : settings;
  return { ...clientOf(shown, own), views: viewSettings(views, mentionsOf(statement)) };
}

function withOwn(settings: Settings, stripe: StripeDefaults): Settings {
  return new Map([...stripeDefaults(stripe), ...settings]);
}

/** Views and functions of the session have their rows of a setting each, where a statement names them. */
function viewSettings(views: SessionViews, mentions: StatementMentions | undefined): ReadonlyMap<string, string> {
  const mentioned = new Set([...(mentions?.relations ?? []), ...(mentions?.functions ?? [])].map(({ name }) => name));
  const named = (Object.keys(sessionViews) as (keyof typeof sessionViews)[]).filter((view) => mentioned.has(view));
  return new Map(named.map((view) => [sessionViews[view], JSON.stringify(views[view]())]));
}

/** Whether a statement may tell settings, and which modes its transaction has. */
function tellsSettings(statement: PostgresStatement): boolean {
  if (statement.kind === "show") return true;
  return (
    statement.kind === "query" &&
    (statement.functions.some(({ name }) => name === "current_setting" || name === "pg_show_all_settings") ||
      statement.relations.some(({ name }) => name === "pg_settings"))
  );
}
