import { createHash, createHmac, pbkdf2Sync } from "node:crypto";

export interface ScramClientOptions {
  readonly password: string;
  /** "n,,", "y,," or "p=tls-server-end-point,,". */
  readonly header?: string;
  /** What stands behind the header in the last message. */
  readonly binding?: Uint8Array;
  readonly user?: string;
  readonly nonce?: string;
}

/** The client's side of SCRAM-SHA-256, by RFC 5802 and nothing of ours; the password is taken as it is. */
export class ScramClient {
  readonly first: Buffer;
  readonly #options: Required<ScramClientOptions>;

  constructor(options: ScramClientOptions) {
    this.#options = { header: "n,,", binding: new Uint8Array(0), user: "", nonce: "rOprNGfwEbeRWgbNEkqO", ...options };
    this.first = Buffer.from(this.#options.header + this.#bare());
  }

  /** The last message, and what the server has to answer to it. */
  final(serverFirst: Uint8Array): { readonly message: string; readonly verifier: string } {
    const challenge = Buffer.from(serverFirst).toString();
    const fields = new Map(challenge.split(",").map((field) => [field.slice(0, 1), field.slice(2)]));
    const { password, header, binding } = this.#options;
    const channel = Buffer.concat([Buffer.from(header), binding]).toString("base64");
    const withoutProof = `c=${channel},r=${fields.get("r")}`;
    const whole = `${this.#bare()},${challenge},${withoutProof}`;
    const salt = Buffer.from(fields.get("s") ?? "", "base64");
    const salted = pbkdf2Sync(password, salt, Number(fields.get("i")), 32, "sha256");
    const clientKey = hmac(salted, "Client Key");
    const signature = hmac(createHash("sha256").update(clientKey).digest(), whole);
    const proof = clientKey.map((byte, index) => byte ^ (signature[index] ?? 0));
    return {
      message: `${withoutProof},p=${Buffer.from(proof).toString("base64")}`,
      verifier: `v=${hmac(hmac(salted, "Server Key"), whole).toString("base64")}`,
    };
  }

  #bare(): string {
    return `n=${this.#options.user},r=${this.#options.nonce}`;
  }
}

const hmac = (key: Uint8Array, data: string): Buffer => createHmac("sha256", key).update(data).digest();
