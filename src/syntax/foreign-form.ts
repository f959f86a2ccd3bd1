import { SqlState } from "../error/sql-state.js";
import { StripeSqlError } from "../error/stripe-sql-error.js";

interface ForeignForm {
  /** What the statement begins with, and what stands where it could not be read on. */
  readonly statement: RegExp;
  readonly at: RegExp;
  readonly message: string;
  readonly hint: string;
}

/** Forms of writes that other databases know. */
const forms: readonly ForeignForm[] = [
  {
    statement: /^INSERT\b/i,
    at: /^DUPLICATE\b/i,
    message: "INSERT … ON DUPLICATE KEY is not supported",
    hint: "Write ON CONFLICT (Email) DO UPDATE SET Name = EXCLUDED.Name, with the columns that tell rows apart.",
  },
  {
    statement: /^(INSERT|MERGE)\b/i,
    at: /^ON\s+CONSTRAINT\b/i,
    message: "ON CONFLICT ON CONSTRAINT is not supported",
    hint: "Stripe has no constraints: write ON CONFLICT (Email), or whichever columns tell rows apart.",
  },
];

/** The error of a text that cannot be read, as a 0A000 with the way out where it is of a form that others know. */
export function explainForeignForm(error: unknown, text: string): unknown {
  if (!(error instanceof StripeSqlError) || error.position === undefined) return error;
  const { position } = error;
  const found = text.slice(position, position + 40);
  const before = text.slice(0, position);
  const start = before.slice(before.lastIndexOf(";") + 1).trimStart();
  const form = forms.find(({ statement, at }) => at.test(found) && statement.test(start));
  if (form === undefined) return error;
  const { message, hint } = form;
  return new StripeSqlError(message, { sqlState: SqlState.featureNotSupported, phase: "syntax", position, hint });
}
