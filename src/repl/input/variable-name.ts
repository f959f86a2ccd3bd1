/** Letters, digits and `_`, no digit first. */
export function isVariableName(name: string): boolean {
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name);
}
