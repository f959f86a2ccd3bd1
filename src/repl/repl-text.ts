import type { ConnectionDescription } from "../driver/api.js";
import type { OpenPart } from "../syntax/typed-text.js";

type Mode = ConnectionDescription["mode"];

const examples = [
  "SELECT Id, Email, Created FROM Customer ORDER BY Created DESC LIMIT 5;",
  "SELECT Status, count(*) FROM Subscription GROUP BY Status;",
  "EXPLAIN SELECT Id, AmountDue FROM Invoice WHERE Status = 'open';",
];

/** What the REPL says first; with examples for someone who has never used it. */
export function bannerText(version: string, { mode, apiBase }: ConnectionDescription, isFirstTime: boolean): string {
  const lines = [`stripe-sql ${version}: ${modeText(mode, apiBase)}`, "\\? for help, \\q to leave."];
  if (isFirstTime) lines.push("", "Try:", ...examples.map((example) => `  ${example}`));
  return `${lines.join("\n")}\n\n`;
}

function modeText(mode: Mode, apiBase: string): string {
  switch (mode) {
    case "sandbox":
      return "the sandbox. Made-up data, nothing leaves this machine; set STRIPE_API_KEY for an account.";
    case "test":
      return `Stripe in test mode, ${apiBase}`;
    case "live":
      return `a LIVE Stripe account, ${apiBase}. Writes ask first.`;
  }
}

/** `test=> `, and as the continuation of an open statement `test-> `, or `test'> ` inside of a quotation. */
export function promptText(mode: Mode, isContinued: boolean, open: OpenPart): string {
  const name = mode === "live" ? "LIVE" : mode;
  if (!isContinued) return `${name}=> `;
  return `${name}${open === "/*" ? "*" : (open ?? "-")}> `;
}
