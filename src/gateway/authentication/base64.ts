const form = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The bytes of a text in base64, undefined where it is none: Buffer drops what it does not know. */
export function decodeBase64(text: string): Uint8Array | undefined {
  return form.test(text) ? Buffer.from(text, "base64") : undefined;
}
