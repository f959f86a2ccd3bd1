const operators = [
  { operator: "//", call: "divide" },
  { operator: "%", call: "mod" },
];

/**
 * Has a connection of the engine's refuse a division by zero, which is NULL to it: a write would unset a field by it. `/`
 * is `//` there, as integer_division is set.
 */
export const refusingZeroDivisors = operators
  .map(
    ({ operator, call }) =>
      `CREATE TEMP MACRO "${operator}"(dividend, divisor) AS CASE WHEN divisor = 0 THEN error('division by zero') ELSE ${call}(dividend, divisor) END`,
  )
  .join("; ");
