/**
 * An endpoint's base parameters that stay beside filters of these parameters. A filter takes the place of the base
 * parameter that it is, also of one whose values stand one by one: `statuses` that of `statuses[0]`.
 */
export function baseParametersBeside<Value>(
  baseParameters: Readonly<Record<string, Value>>,
  filters: readonly string[],
): Readonly<Record<string, Value>> {
  const isReplaced = (name: string): boolean =>
    filters.some((parameter) => name === parameter || name.startsWith(`${parameter}[`));
  return Object.fromEntries(Object.entries(baseParameters).filter(([name]) => !isReplaced(name)));
}
