import type { JsonObject } from "../value/json.js";
import type { AskedServer, ServerAnswer } from "./asked-server.js";
import { answerText } from "./asked-server.js";

/** What marks an object as made here. */
export const ownMark = "stripe-sql conformance";

/** Objects made for the checks, each removed at the end, whatever came between. */
export class OwnObjects {
  readonly #removals: (() => Promise<ServerAnswer>)[] = [];

  constructor(readonly server: AskedServer) {}

  /** A customer; where none is made the checks have nothing to go on. */
  async customer(parameters: JsonObject = {}): Promise<JsonObject & { readonly id: string }> {
    const made = await this.server.post("/v1/customers", { name: ownMark, ...parameters });
    const id = made.kind === "object" ? made.object["id"] : undefined;
    if (made.kind !== "object" || typeof id !== "string") throw new NotMade("customer", made);
    this.removeCustomer(made);
    return { ...made.object, id };
  }

  /** Of a customer that was made, though it may have been to be refused. */
  removeCustomer(made: ServerAnswer): void {
    if (made.kind !== "object") return;
    const path = `/v1/customers/${String(made.object["id"])}`;
    this.onEnd(() => this.server.ask({ method: "DELETE", path }));
  }

  async made(path: string, parameters: JsonObject): Promise<string> {
    const made = await this.server.post(path, parameters);
    const id = made.kind === "object" ? made.object["id"] : undefined;
    if (typeof id !== "string") throw new NotMade(path, made);
    return id;
  }

  onEnd(remove: () => Promise<ServerAnswer>): void {
    this.#removals.push(remove);
  }

  /** Newest first; what is gone already is no failure. Gives what is left. */
  async remove(): Promise<readonly string[]> {
    const left: string[] = [];
    for (const remove of this.#removals.splice(0).reverse()) {
      try {
        const answer = await remove();
        if (answer.kind === "refused" && answer.status !== 404 && answer.status !== 400) left.push(answerText(answer));
      } catch (error) {
        left.push(error instanceof Error ? error.message : String(error));
      }
    }
    return left;
  }
}

/** An object that a check needs was refused: the check tells nothing. */
export class NotMade extends Error {
  constructor(what: string, answer: ServerAnswer) {
    super(`${what} could not be made: ${answerText(answer)}${answer.kind === "refused" ? `, ${answer.message}` : ""}`);
    this.name = "NotMade";
  }
}
