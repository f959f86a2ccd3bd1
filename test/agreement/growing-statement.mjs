import { answerOf, describeDifference, isSameAnswer } from "./compared-answers.mjs";
import { mentionedTables, renderMentions, renderStatement } from "./rendered-statement.mjs";

/**
 * What others add: the call, and the rows that it makes, as conditions that hold for all of a table's rows but them. A
 * call adds rows to these tables alone, and at once.
 */
const additions = [
  {
    path: "/v1/customers",
    form: ({ emails }, random) => ({ name: `Added ${random.next()}`, email: random.of(emails) }),
    others: ({ id }) => ({ Customer: `Id <> '${id}'` }),
  },
  {
    path: "/v1/payment_intents",
    form: ({ customers }, random) => ({
      amount: random.of([700, 3500]),
      currency: "eur",
      customer: random.of(customers),
    }),
    others: ({ id }) => ({ PaymentIntent: `Id <> '${id}'` }),
  },
  {
    path: "/v1/invoices",
    form: ({ customers }, random) => ({ customer: random.of(customers) }),
    others: ({ id }) => ({ Invoice: `Id <> '${id}'` }),
  },
  {
    path: "/v1/products",
    form: (_, random) => ({ name: `Added plan ${random.next()}`, "metadata[line]": random.of(["goods", "service"]) }),
    others: ({ id }) => ({ Product: `Id <> '${id}'` }),
  },
  {
    path: "/v1/prices",
    form: ({ products }, random) => ({
      currency: random.of(["usd", "eur"]),
      unit_amount: 900,
      product: random.of(products),
    }),
    others: ({ id }) => ({ Price: `Id <> '${id}'` }),
  },
  {
    path: "/v1/charges",
    form: (_, random) => ({ amount: random.of([500, 9000]), currency: "usd", source: "tok_visa" }),
    others: ({ id, balance_transaction: transaction, payment_method: method }) => ({
      Charge: `Id <> '${id}'`,
      BalanceTransaction: `Id <> '${transaction}'`,
      PaymentMethod: `Id <> '${method}'`,
    }),
  },
  {
    path: "/v1/subscriptions",
    form: ({ customers, recurringPrices }, random) => ({
      customer: random.of(customers),
      "items[0][price]": random.of(recurringPrices),
      trial_period_days: 20,
    }),
    others: ({ id, latest_invoice: invoice }) => ({
      Subscription: `Id <> '${id}'`,
      SubscriptionItem: `Subscription <> '${id}'`,
      Invoice: `Id <> '${invoice}'`,
      InvoiceLineItem: `Invoice <> '${invoice}'`,
    }),
  },
];

/** Tables' mentions of which each may have seen the new rows or not; more would make too many answers to try. */
const mostMentions = 5;

/**
 * Runs a statement as usual and by one other mode while a row is added, most often between its requests. Each mention of
 * a table is one look at it, before the row was there or after: so the answer must be one of those that the statement has
 * with the new rows left out of some of the mentions, of all, or of none.
 */
export async function compareUnderInserts({ sandbox, modes, facts, random }, statement) {
  const sql = renderStatement(statement);
  const tables = mentionedTables(statement);
  const fitting = additions.filter((addition) => {
    const touched = Object.keys(addition.others({}));
    const mentions = tables.filter((table) => touched.includes(table)).length;
    return mentions > 0 && mentions <= mostMentions;
  });
  if (fitting.length === 0) return { differences: [], refused: undefined, tallies: ["nothing fitting can be added"] };
  const differences = [];
  const tallies = [];
  for (const [mode, connection] of [["the usual plan", modes.usual], random.of(modes.others)]) {
    const addition = random.of(fitting);
    const added = addDuring(sandbox, addition.path, { form: addition.form(facts, random), after: random.below(4) });
    const found = await answerOf(connection, sql, statement);
    const isDuring = added.isMade();
    const others = addition.others(await added.finish());
    const judged = await judge({ truth: modes.truth, statement, others, found });
    tallies.push(`${isDuring ? "added during" : "added after the end"}: ${mode}`);
    if (judged.seen !== undefined) tallies.push(`the rows were ${judged.seen}`);
    if (judged.seen === undefined) differences.push(`${mode}, ${addition.path}: ${judged.difference}`);
  }
  return { differences, refused: undefined, tallies };
}

/** As soon as so many requests were answered, and at the end where there were fewer. */
function addDuring(sandbox, path, { form, after }) {
  let adding;
  const add = () => {
    adding ??= post(sandbox, path, form);
  };
  const rewrite = (answer) => {
    add();
    return answer;
  };
  sandbox.faults.add({ method: "GET", after, times: 1, effect: { kind: "rewrite", rewrite } });
  // The next answer waits, so that what was asked for with it is judged after the addition.
  sandbox.faults.add({ method: "GET", after: after + 1, times: 1, effect: { kind: "delay", milliseconds: 4 } });
  return {
    isMade: () => adding !== undefined,
    finish: async () => {
      sandbox.faults.clear();
      add();
      const object = await adding;
      if (typeof object.id !== "string") throw new Error(`nothing was added by ${path}: ${JSON.stringify(object)}`);
      return object;
    },
  };
}

async function post({ url, apiKey }, path, form) {
  const response = await fetch(`${url}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(form).toString(),
  });
  return response.json();
}

/** Which of the mentions saw the new rows, where some choice of them explains the answer. */
async function judge({ truth, statement, others, found }) {
  const touched = mentionedTables(statement).filter((table) => others[table] !== undefined).length;
  const none = 2 ** touched - 1;
  // First those of one look at all tables.
  const choices = [0, none, ...Array.from({ length: Math.max(0, none - 1) }, (_, index) => index + 1)];
  let whole;
  for (const hidden of choices) {
    let at = 0;
    const sql = renderMentions(statement, (table) => {
      if (others[table] === undefined) return table;
      const isHidden = (hidden >> at++) % 2 === 1;
      return isHidden ? `(SELECT * FROM ${table} WHERE ${others[table]})` : table;
    });
    const expected = await answerOf(truth, sql, statement);
    whole ??= expected;
    if (isSameAnswer(expected, found, statement)) {
      const told =
        hidden === 0 ? "seen by all, or make no difference" : hidden === none ? "seen by none" : "seen by some";
      return { seen: told };
    }
  }
  return { difference: `no choice of what was seen explains it\n    ${describeDifference(whole, found)}` };
}
