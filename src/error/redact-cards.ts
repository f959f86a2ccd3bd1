const longestNumber = 19;
const fewestDigits = 12;

/** A random UUID, as idempotency keys end in: one in 600 holds what a card's number could be, and is no less needed. */
const randomUuid =
  /((?<![\da-z])(?=[\d-]*[a-f])[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}(?![\da-z]))/i;

/**
 * Replaces numbers that are a card's by their length, first digit and check digit, however their digits are grouped,
 * and though other digits stand beside them; those within a UUID stay. Source: ISO/IEC 7812-1
 */
export function redactCards(text: string): string {
  return text
    .split(randomUuid)
    .map((part, index) => (index % 2 === 0 ? redactNumbers(part) : part))
    .join("");
}

function redactNumbers(text: string): string {
  let redacted = "";
  let copied = 0;
  for (const { start, end } of digitRuns(text)) {
    redacted += text.slice(copied, start) + redactRun(text.slice(start, end));
    copied = end;
  }
  return redacted + text.slice(copied);
}

/**
 * Digits with at most two spaces of any kind, or one hyphen or dot, between two of them. Looked for without a regular
 * expression of the whole, whose stack a run of a million digits overflows.
 */
function* digitRuns(text: string): Generator<{ readonly start: number; readonly end: number }> {
  for (let start = nextDigit(text, 0); start !== undefined; ) {
    let end = start;
    let count = 0;
    for (let next: number | undefined = start; next !== undefined; next = digitAfter(text, end)) {
      end = next + 1;
      count += 1;
    }
    if (count >= fewestDigits) yield { start, end };
    start = nextDigit(text, end);
  }
}

function nextDigit(text: string, from: number): number | undefined {
  const digit = /\d/g;
  digit.lastIndex = from;
  return digit.exec(text)?.index;
}

/** Where the next digit of a run stands, behind its separator if there is one. */
function digitAfter(text: string, end: number): number | undefined {
  if (isDigit(text.charAt(end))) return end;
  const separator = /^(?:\s{1,2}|[.-])(?=\d)/.exec(text.slice(end, end + 3))?.[0];
  return separator === undefined ? undefined : end + separator.length;
}

function redactRun(run: string): string {
  let redacted = "";
  let start = 0;
  while (start < run.length) {
    const end = cardEnd(run, start);
    redacted += end === undefined ? run.charAt(start) : "[card number]";
    start = end ?? start + 1;
  }
  return redacted;
}

/** Where the card number that begins at an offset ends, the longest that there is. */
function cardEnd(run: string, start: number): number | undefined {
  if (!/[2-6]/.test(run.charAt(start)) || isWithinNumber(run, start)) return undefined;
  let digits = "";
  let found: number | undefined;
  for (let index = start; index < run.length && digits.length < longestNumber; index += 1) {
    const character = run.charAt(index);
    if (!isDigit(character)) continue;
    digits += character;
    const isWhole = !isDigit(run.charAt(start - 1)) && !isDigit(run.charAt(index + 1));
    if (isCard(digits, isWhole)) found = index + 1;
  }
  return found;
}

const isDigit = (character: string): boolean => character >= "0" && character <= "9";

/** A number of up to as many digits as a card's, such as one of 64 bits, is a card's as a whole or not at all. */
function isWithinNumber(run: string, start: number): boolean {
  if (!isDigit(run.charAt(start - 1))) return false;
  const before = /\d*$/.exec(run.slice(Math.max(0, start - longestNumber), start))?.[0] ?? "";
  const after = /^\d*/.exec(run.slice(start, start + longestNumber))?.[0] ?? "";
  return before.length + after.length <= longestNumber;
}

/** Within a longer number, only what a network's own numbers look like: one number in ten has a fitting check digit. */
const networkNumber =
  /^(?:4\d{15}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|6(?:011|5\d\d)\d{12})$/;

function isCard(digits: string, isWhole: boolean): boolean {
  return (isWhole ? digits.length >= 13 : networkNumber.test(digits)) && hasCheckDigit(digits);
}

function hasCheckDigit(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
