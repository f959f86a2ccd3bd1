/** The byte of a message's type. */
export function letter(type: string): number {
  return type.charCodeAt(0);
}
