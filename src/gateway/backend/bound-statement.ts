import type { ClientSettings } from "../../execute/postgres/client-settings.js";
import type { ClientStatement } from "../../execute/postgres/postgres-workspace.js";
import type { SettingChange } from "../../execute/postgres/schema/held-settings.js";
import type { PostgresStatement } from "../../syntax/postgres/postgres-statement.js";
import type { RunContext } from "../session/session-backend.js";
import type { BackendParts } from "./backend-parts.js";
import { mentionedViews } from "./built-in-views.js";
import { mentionsOf } from "./mentions-of.js";
import { settingName } from "./setting-name.js";
import { requireAllowedSetting } from "./setting-rules.js";
import { isStripeSetting, readStripeSetting } from "./stripe-settings.js";

/** A statement's text with the values and formats that its client gave, and what its session is told meanwhile. */
export function boundStatement(
  statement: PostgresStatement,
  { client, onTag }: { readonly client: ClientSettings; readonly onTag: ClientStatement["onTag"] },
  { context, parts }: { readonly context: RunContext; readonly parts: BackendParts },
): ClientStatement {
  const { parameters, resultFormats, relay, setConfig } = context;
  return {
    text: statement.text,
    views: mentionedViews(mentionsOf(statement)),
    parameterTypes: parameters.types,
    parameterFormats: parameters.formats,
    parameters: parameters.values,
    resultFormats,
    client,
    onTag,
    onNotice: relay,
    onSetting: (change) => setConfig(allowedChange(change, parts)),
  };
}

/** What `set_config` may set is what SET may. */
function allowedChange(change: SettingChange, { stripe, settingNames }: BackendParts): SettingChange {
  const { name, value } = change;
  if (isStripeSetting(name)) return { ...change, ...readStripeSetting(name, value, stripe) };
  requireAllowedSetting({ name, values: [value] });
  return { ...change, name: settingName(name, settingNames) };
}
