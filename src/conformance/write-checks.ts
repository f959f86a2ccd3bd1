import type { Json, JsonObject } from "../value/json.js";
import { jsonAt } from "../value/json.js";
import type { AskedServer, ServerAnswer } from "./asked-server.js";
import { answerText } from "./asked-server.js";
import type { Verdict } from "./finding.js";
import { agrees, disagreesWhere } from "./finding.js";
import type { OwnObjects } from "./own-objects.js";
import { ownMark } from "./own-objects.js";
import type { RunStatement } from "./statement-checks.js";

export interface WriteContext {
  readonly server: AskedServer;
  readonly own: OwnObjects;
  readonly run: RunStatement;
  /** A text that no other run has: keys are made of it. */
  readonly runName: string;
}

export type WriteCheck = (context: WriteContext) => Promise<Verdict>;

/** What our writes rely on: assignment, unsetting, replays, and what Stripe refuses. */
export const writeChecks: Readonly<Record<string, WriteCheck>> = {
  "metadata is set at creation": async ({ own }) =>
    metadataIs(await own.customer({ metadata: { a: "1" } }), { a: "1" }),
  "metadata is merged key by key": (context) =>
    afterUpdate(context, { metadata: { c: "3" } }, { a: "1", b: "2", c: "3" }),
  "an empty value unsets a key": (context) => afterUpdate(context, { metadata: { a: "" } }, { b: "2" }),
  "an empty metadata unsets all": (context) => afterUpdate(context, { metadata: "" }, {}),
  "UPDATE assigns metadata": (context) => afterStatement(context, `'{"x":"1"}'`, { x: "1" }),
  "UPDATE merges metadata": (context) =>
    afterStatement(context, `json_merge_patch(Metadata, '{"x":"1","a":null}')`, { b: "2", x: "1" }),
  "UPDATE empties metadata": (context) => afterStatement(context, "'{}'", {}),
  "an empty text unsets a field": unsetsField,
  "an update leaves other fields": leavesOthers,
  "a structure's field is set alone": setsPartAlone,
  "UPDATE assigns a structure": assignsStructure,
  "a new object is read at once": readsOwnWrite,
  "a new object comes first in its list": listsNewest,
  "a creation has its event": hasEvent,
  "a deleted object says so": deletedSaysSo,
  "a replay gives the first answer": replays,
  "a key with other parameters is refused": conflicts,
  "a refusal is replayed under its key": replaysRefusal,
  "an unknown parameter is refused": (context) => refuses(context, { stripe_sql_conformance: "1" }),
  "a metadata key of 41 characters is refused": (context) => refuses(context, { metadata: { ["k".repeat(41)]: "1" } }),
  "a metadata value of 501 characters is refused": (context) => refuses(context, { metadata: { a: "v".repeat(501) } }),
  "51 metadata keys are refused": (context) => refuses(context, { metadata: manyKeys(51) }),
  "an e-mail that is none is refused": (context) => refuses(context, { email: "no e-mail" }),
  "a currency that is none is refused": refusesCurrency,
  "a missing parameter is refused": refusesMissing,
  "a declining card is refused at attachment": refusesDeclining,
  "a detached payment method cannot be attached again": refusesDetached,
  "a confirmation without return_url is refused": refusesConfirmation,
};

async function afterUpdate(
  { own, server }: WriteContext,
  parameters: JsonObject,
  wanted: JsonObject,
): Promise<Verdict> {
  const { id } = await own.customer({ metadata: { a: "1", b: "2" } });
  const updated = await server.post(`/v1/customers/${id}`, parameters);
  const faults = faultsOf(updated, (object) => metadataFaults(object, wanted));
  return faults.length > 0 ? disagreesWhere(faults) : isNow(server, id, (object) => metadataFaults(object, wanted));
}

async function afterStatement({ own, run, server }: WriteContext, value: string, wanted: JsonObject): Promise<Verdict> {
  const { id } = await own.customer({ metadata: { a: "1", b: "2" } });
  await run(`UPDATE Customer SET Metadata = ${value} WHERE Id = '${id}'`);
  return isNow(server, id, (object) => metadataFaults(object, wanted));
}

async function unsetsField({ own, server }: WriteContext): Promise<Verdict> {
  const { id } = await own.customer({ description: "to go" });
  await server.post(`/v1/customers/${id}`, { description: "" });
  return isNow(server, id, ({ description }) => unlessNull("description", description));
}

async function leavesOthers({ own, server }: WriteContext): Promise<Verdict> {
  const { id } = await own.customer({ description: "to stay", phone: "1" });
  await server.post(`/v1/customers/${id}`, { phone: "2" });
  return isNow(server, id, ({ description, phone }) => [
    ...(description === "to stay" ? [] : ["a field that was not named has changed"]),
    ...(phone === "2" ? [] : ["the field that was named has not changed"]),
  ]);
}

async function setsPartAlone({ own, server }: WriteContext): Promise<Verdict> {
  const { id } = await own.customer({ address: { city: "Oslo", country: "NO", line1: "Gate 1" } });
  await server.post(`/v1/customers/${id}`, { address: { city: "Bergen" } });
  return isNow(server, id, (object) => [
    ...(jsonAt(object, ["address", "city"]) === "Bergen" ? [] : ["the field is not set"]),
    ...(jsonAt(object, ["address", "country"]) === "NO" ? [] : ["a field beside it is unset"]),
  ]);
}

async function assignsStructure({ own, run, server }: WriteContext): Promise<Verdict> {
  const { id } = await own.customer({ address: { city: "Oslo", country: "NO", line1: "Gate 1" } });
  await run(`UPDATE Customer SET Address = '{"city":"Rome","country":"IT"}' WHERE Id = '${id}'`);
  return isNow(server, id, (object) => [
    ...(jsonAt(object, ["address", "city"]) === "Rome" ? [] : ["the field is not set"]),
    ...unlessNull("address.line1", jsonAt(object, ["address", "line1"])),
  ]);
}

async function readsOwnWrite({ own, server }: WriteContext): Promise<Verdict> {
  const { id } = await own.customer();
  return isNow(server, id, (object) => (object["id"] === id ? [] : ["another object is given"]));
}

async function listsNewest({ own, server }: WriteContext): Promise<Verdict> {
  const { id } = await own.customer();
  const answer = await server.get("/v1/customers", { limit: 1 });
  return disagreesWhere(
    faultsOf(answer, (object) => (jsonAt(firstOf(object), ["id"]) === id ? [] : ["the list begins with another"])),
  );
}

async function hasEvent({ own, server }: WriteContext): Promise<Verdict> {
  const { id } = await own.customer();
  const answer = await server.get("/v1/events", { types: ["customer.created"], limit: 20 });
  return disagreesWhere(
    faultsOf(answer, ({ data }) => {
      const events = Array.isArray(data) ? data : [];
      const isThere = events.some((event: Json) => jsonAt(event, ["data", "object", "id"]) === id);
      return isThere ? [] : ["no event customer.created tells of it"];
    }),
  );
}

async function deletedSaysSo({ own, server }: WriteContext): Promise<Verdict> {
  const { id } = await own.customer();
  const deleted = await server.ask({ method: "DELETE", path: `/v1/customers/${id}` });
  const saysSo = ({ deleted: isDeleted }: JsonObject) => (isDeleted === true ? [] : ["`deleted` is not true"]);
  const faults = faultsOf(deleted, saysSo);
  return faults.length > 0 ? disagreesWhere(faults) : isNow(server, id, saysSo);
}

async function replays({ own, server, runName }: WriteContext): Promise<Verdict> {
  const send = () => server.post("/v1/customers", { name: `${runName} replay` }, `${runName}-replay`);
  const [first, second] = [await send(), await send()];
  for (const answer of [first, second]) own.removeCustomer(answer);
  return disagreesWhere(answerText(first) === answerText(second) ? [] : ["the same key makes two objects"]);
}

async function conflicts({ own, server, runName }: WriteContext): Promise<Verdict> {
  const send = (name: string) => server.post("/v1/customers", { name }, `${runName}-conflict`);
  const [first, second] = [await send(`${runName} one`), await send(`${runName} two`)];
  for (const answer of [first, second]) own.removeCustomer(answer);
  return isRefused(second);
}

async function replaysRefusal({ own, server, runName }: WriteContext): Promise<Verdict> {
  const send = () => server.post("/v1/customers", { stripe_sql_conformance: "1" }, `${runName}-refusal`);
  const [first, second] = [await send(), await send()];
  for (const answer of [first, second]) own.removeCustomer(answer);
  return disagreesWhere(
    answerText(first) === answerText(second) ? [] : [`${answerText(first)}, then ${answerText(second)}`],
  );
}

/** A customer is not made of these parameters. */
async function refuses({ own, server }: WriteContext, parameters: JsonObject): Promise<Verdict> {
  const answer = await server.post("/v1/customers", { name: ownMark, ...parameters });
  own.removeCustomer(answer);
  return isRefused(answer);
}

async function refusesCurrency({ server, own }: WriteContext): Promise<Verdict> {
  const answer = await server.post("/v1/payment_intents", { amount: 2000, currency: "zzz" });
  cancelLater(answer, { server, own });
  return isRefused(answer);
}

async function refusesMissing({ server, own }: WriteContext): Promise<Verdict> {
  const answer = await server.post("/v1/payment_intents", { amount: 2000 });
  cancelLater(answer, { server, own });
  return isRefused(answer);
}

function cancelLater(answer: ServerAnswer, { server, own }: Pick<WriteContext, "server" | "own">): void {
  if (answer.kind !== "object") return;
  own.onEnd(() => server.post(`/v1/payment_intents/${String(answer.object["id"])}/cancel`));
}

async function refusesDeclining({ own, server }: WriteContext): Promise<Verdict> {
  const { id } = await own.customer();
  return isRefused(await server.post("/v1/payment_methods/pm_card_chargeDeclined/attach", { customer: id }), 402);
}

async function refusesDetached({ own, server }: WriteContext): Promise<Verdict> {
  const { id } = await own.customer();
  const method = await own.made("/v1/payment_methods", { type: "card", card: { token: "tok_visa" } });
  const attach = () => server.post(`/v1/payment_methods/${method}/attach`, { customer: id });
  for (const answer of [await attach(), await server.post(`/v1/payment_methods/${method}/detach`)])
    if (answer.kind === "refused") return disagreesWhere([`the first attachment: ${answerText(answer)}`]);
  return isRefused(await attach());
}

async function refusesConfirmation({ own, server }: WriteContext): Promise<Verdict> {
  const intent = await own.made("/v1/payment_intents", {
    amount: 2000,
    currency: "usd",
    automatic_payment_methods: { enabled: true },
    payment_method: "pm_card_visa",
  });
  own.onEnd(() => server.post(`/v1/payment_intents/${intent}/cancel`));
  return isRefused(await server.post(`/v1/payment_intents/${intent}/confirm`));
}

function isRefused(answer: ServerAnswer, status = 400): Verdict {
  return answer.kind === "refused" && answer.status === status
    ? agrees
    : disagreesWhere([`answered by ${answerText(answer)}, not refused with ${status}`]);
}

async function isNow(
  server: AskedServer,
  id: string,
  faults: (object: JsonObject) => readonly string[],
): Promise<Verdict> {
  return disagreesWhere(faultsOf(await server.get(`/v1/customers/${id}`), faults));
}

function faultsOf(answer: ServerAnswer, faults: (object: JsonObject) => readonly string[]): readonly string[] {
  return answer.kind === "object" ? faults(answer.object) : [`refused: ${answerText(answer)}, ${answer.message}`];
}

const metadataIs = (object: JsonObject, wanted: JsonObject): Verdict => disagreesWhere(metadataFaults(object, wanted));

function metadataFaults({ metadata }: JsonObject, wanted: JsonObject): readonly string[] {
  const sorted = (value: Json | undefined) => JSON.stringify(Object.entries(value ?? {}).sort());
  return sorted(metadata) === sorted(wanted)
    ? []
    : [`metadata is ${JSON.stringify(metadata)}, not ${JSON.stringify(wanted)}`];
}

/** Stripe keeps an empty text in some structures. */
function unlessNull(name: string, value: Json | undefined): readonly string[] {
  return value === null || value === undefined || value === "" ? [] : [`${name} is still ${JSON.stringify(value)}`];
}

function firstOf({ data }: JsonObject): Json {
  const first: unknown = Array.isArray(data) ? data[0] : undefined;
  return (first ?? null) as Json;
}

const manyKeys = (count: number): JsonObject =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, "1"]));
