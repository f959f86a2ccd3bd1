import { SqlState } from "../../error/sql-state.js";
import type { MentionedFunction, StatementMentions } from "../../syntax/postgres/mentions.js";
import { sessionError } from "../session/session-error.js";

interface Refusal {
  readonly names: RegExp;
  readonly message: (name: string) => string;
  readonly detail: string;
  readonly hint?: string;
}

/** Functions whose effect would not be there, though PostgreSQL would say nothing. */
const refusals: readonly Refusal[] = [
  {
    // To give them up is right: there is none. Those that are taken end with each statement here.
    names: /^pg_(try_)?advisory_(xact_)?lock/,
    message: () => "advisory locks are not supported",
    detail: "Sessions of the gateway share nothing that one could keep from another.",
  },
  {
    names: /^pg_notify$/,
    message: () => "NOTIFY is not supported",
    detail: "Sessions of the gateway do not hear each other.",
  },
  {
    // What they read is in a text that nobody plans: the tables would be empty to them.
    names: /^((query|table|schema|database|cursor)_to_xml(schema|_and_xmlschema)?|ts_stat)$/,
    message: (name) => `${name} is not supported`,
    detail: "The tables that it reads are named in a text, for which nothing is fetched from Stripe.",
    hint: "Name the tables in a query: xmlelement, xmlforest and xmlagg make XML of its rows.",
  },
];

/** Fails with 0A000 where a function would seem to have an effect that it cannot have here. */
export function requireSeenEffects({ functions }: StatementMentions): void {
  for (const call of functions) {
    const refusal = call.schema === undefined ? refusals.find(({ names }) => names.test(call.name)) : undefined;
    if (refusal !== undefined) throw refused(call, refusal);
  }
}

function refused({ name, position }: MentionedFunction, { message, detail, hint }: Refusal) {
  return sessionError(message(name), SqlState.featureNotSupported, {
    detail,
    position,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Fails with 0A000 where rows of Stripe's were to be locked. */
export function requireNoRowLocks(): never {
  throw sessionError("SELECT … FOR UPDATE and its like are not supported", SqlState.featureNotSupported, {
    detail: "Stripe locks nothing: another could change the object meanwhile.",
    hint: "Leave the clause out.",
  });
}
