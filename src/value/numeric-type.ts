const numericType = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL)\b/;

/** True for types whose values stand right-aligned. */
export function isNumeric(type: string): boolean {
  return numericType.test(type) && !type.endsWith("[]");
}
